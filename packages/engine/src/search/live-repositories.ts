import type { Entry } from '@registry/core'
import { isLive, type Repository, type Tombstone } from '../rows.js'

/** A repository as search reads it. */
export interface LiveRepository {
  readonly name: string
  readonly row: Repository
}

/** Those of some entries that are repositories, and not what deleted ones leave. */
export function liveRepositories(entries: readonly Entry[]): readonly LiveRepository[] {
  return entries.flatMap(({ key, value }) => {
    const row = value as unknown as Repository | Tombstone
    return isLive(row) ? [{ name: key.sort, row }] : []
  })
}
