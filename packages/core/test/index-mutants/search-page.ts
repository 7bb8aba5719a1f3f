import { compareUtf8 } from '../../src/byte-order.js'
import type { Entry, EntryPage, SearchOptions } from '../../src/index-store.js'
import type { Json } from '../../src/json.js'
import type { MemoryIndexStorage } from '../../src/memory/index.js'
import { type IndexMutant, mutant } from './mutant.js'

/** What a broken search has to decide on. */
export interface Candidate {
  readonly sort: string
  readonly json: string
  /** Folded. */
  readonly text: string | undefined
}

/** A mutant whose search decides by itself what matches. */
export function matching(id: string, breaks: string, matches: (candidate: Candidate, query: string) => boolean): IndexMutant {
  return mutant(id, breaks, (index, storage) => ({
    search: async (query, options) => {
      await index.search(query, options)
      return pageOf(storage, query.partition, options, (candidate) => matches(candidate, query.text))
    },
  }))
}

export function pageOf(
  storage: MemoryIndexStorage,
  partition: string,
  options: SearchOptions | undefined,
  matches: (candidate: Candidate) => boolean,
): EntryPage {
  const { after, limit = 1000 } = options ?? {}
  const entries = [...(storage.partitions.get(partition) ?? [])]
    .filter(([sort, { json, text }]) => (after === undefined || compareUtf8(sort, after) > 0) && matches({ sort, json, text }))
    .sort(([a], [b]) => compareUtf8(a, b))
    .map(([sort, { json, revision }]): Entry => ({ key: { partition, sort }, value: JSON.parse(json) as Json, revision }))
  return { entries: entries.slice(0, limit), more: entries.length > limit }
}
