import { randomUUID } from 'node:crypto'
import type { Index } from '@registry/core'
import type { Namespace } from '@registry/core/conformance'
import { {{factory}} } from '../src/index.js'

/** An empty place for one case. Its indexes share the data, not their memory. */
export async function harness(): Promise<Namespace<Index>> {
  const database = `conformance-${randomUUID()}`
  return {
    open: () => {{factory}}({ database }),
    async destroy() {
      // Remove the database here, behind the back of the index, with a client of the backend.
    },
  }
}
