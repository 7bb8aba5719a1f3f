import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Index, IndexLimits } from '@registry/core'
import type { Harness } from '@registry/core/conformance'
import { sqliteIndex } from '../src/index.js'

/** An empty directory of its own for each case. */
export function sqliteHarness(limits?: Partial<IndexLimits>): Harness<Index> {
  return async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'registry-index-sqlite-'))
    return {
      open: async () => sqliteIndex({ file: path.join(directory, 'index.sqlite'), limits }),
      destroy: async () => {
        await rm(directory, { recursive: true })
      },
    }
  }
}
