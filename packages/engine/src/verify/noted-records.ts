import pMap from 'p-map'
import { idPrefixes, recordObjectKey, rowKeys } from '../keyspace.js'
import { requestsAtOnce } from '../rebuild/restore-blobs.js'
import { scanRows } from '../row-store.js'
import type { Due, DueRecord } from '../rows.js'
import type { VerifyContext } from './verify-context.js'

/** Whether a note stands that a record is due, where its row does not say which note that would be. */
export async function isNoted({ index, signal }: VerifyContext, record: DueRecord): Promise<boolean> {
  const key = recordObjectKey(record, record.version)
  const isIn = async (idPrefix: string): Promise<boolean> => {
    for await (const { value } of scanRows<Due>(index, rowKeys.dues(idPrefix), { signal })) {
      if (value.records.some((due) => recordObjectKey(due, due.version) === key)) return true
    }
    return false
  }
  return (await pMap(idPrefixes, isIn, { concurrency: requestsAtOnce, signal })).includes(true)
}
