import { type RecordPlace, recordFolder, recordPlace } from '../keyspace.js'
import { countOf } from './count-of.js'
import type { RebuildContext } from './rebuild-context.js'

/** All records of one row. */
export interface RecordGroup {
  /** The highest one, which counts. */
  readonly key: string
  /** Bytes of it. */
  readonly size: number
  /** What its key says; `undefined` where it is no key of a record. */
  readonly place: RecordPlace | undefined
  /** Those of earlier versions, from the lowest. */
  readonly older: readonly string[]
  /** Keys among them that are none of a record. */
  readonly strangers: readonly string[]
}

/** Some rows, which come into the index together. */
export interface GroupBatch {
  readonly groups: readonly RecordGroup[]
  /** The last key that is in it. */
  readonly last: string
  /** How many records it has. */
  readonly records: number
}

/** Bytes of records that are held in memory at once. */
const mostBytes = 4 * 2 ** 20

/** Records in the order of their keys, by rows: the records of a row lie side by side. */
export async function* recordBatches(context: RebuildContext, after: string | undefined): AsyncGenerator<GroupBatch, void> {
  let groups: RecordGroup[] = []
  let records = 0
  let bytes = 0
  for await (const group of recordGroups(context, after)) {
    groups.push(group)
    records += group.older.length + 1
    bytes += group.size
    if (groups.length < context.policy.rebuildRows && bytes < mostBytes) continue
    yield { groups, last: group.key, records }
    groups = []
    records = bytes = 0
  }
  if (groups.length > 0) yield { groups, last: groups.at(-1)!.key, records }
}

/** How many records there are. */
export async function countRecords({ driver, signal }: RebuildContext): Promise<number> {
  return countOf(driver.list({ prefix: recordFolder, signal }))
}

async function* recordGroups({ driver, signal }: RebuildContext, after: string | undefined): AsyncGenerator<RecordGroup, void> {
  let group: { key: string; size: number; place: RecordPlace; older: string[]; strangers: string[] } | undefined
  for await (const { key, size } of driver.list({ prefix: recordFolder, after, signal })) {
    const place = recordPlace(key)
    if (group && folderOf(group.key) === folderOf(key)) {
      // A file that somebody put beside the records must not pass for the highest of them.
      if (place === undefined) group.strangers.push(key)
      else group = { ...group, key, size, place, older: [...group.older, group.key] }
      continue
    }
    if (group) yield group
    group = place && { key, size, place, older: [], strangers: [] }
    if (place === undefined) yield { key, size, place, older: [], strangers: [] }
  }
  if (group) yield group
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/'))
}
