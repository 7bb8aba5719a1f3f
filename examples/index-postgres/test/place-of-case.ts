import { inject, onTestFinished } from 'vitest'
import type { Index } from '@registry/core'
import { postgresIndex } from '../src/index.js'
import type { PostgresIndexOptions } from '../src/index.js'
import { dropSchema, newSchema } from './postgres-harness.js'

/** An empty schema, dropped behind the test. */
export interface PlaceOfCase {
  readonly url: string
  readonly schema: string
  /** An index in it, closed behind the test. */
  open(options?: Partial<PostgresIndexOptions>): Promise<Index>
}

export function placeOfCase(url: string = inject('trigramsUrl')): PlaceOfCase {
  const schema = newSchema()
  const opened: Index[] = []
  onTestFinished(async () => {
    await Promise.all(opened.map((index) => index.close()))
    await dropSchema(url, schema)
  })
  return {
    url, schema,
    async open(options = {}) {
      const index = await postgresIndex({ url, schema, ...options })
      opened.push(index)
      return index
    },
  }
}
