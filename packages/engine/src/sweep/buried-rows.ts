import { RegistryError } from '@registry/core'
import type { Context } from '../context.js'
import { recordObjectKey, recordPrefix, rowKeys } from '../keyspace.js'
import { rowKeyOf } from '../records.js'
import { deleteRow, readRow, scanRows } from '../row-store.js'
import { type Buried, isLive, type RowRecord } from '../rows.js'

/**
 * Removes the tombstones whose time has come, with their records. Until then a tombstone keeps the versions of its row
 * going up, and tells a rebuild that the older records count no more.
 *
 * @returns how many
 */
export async function removeTombstones(context: Context, idPrefix: string): Promise<number> {
  const { index, now, policy } = context
  let removed = 0
  for await (const { sort, value } of scanRows<Buried>(index, rowKeys.buriedIn(idPrefix))) {
    if (value.time + policy.tombstoneMilliseconds > now()) continue
    for (const record of value.records) if (await removeTombstone(context, record)) removed++
    await index.commit([deleteRow(rowKeys.buried(sort))], { durable: false })
  }
  return removed
}

/** First everything that the tombstone overrules, then its record, then its row: who is cut short begins again. */
async function removeTombstone(context: Context, record: RowRecord): Promise<boolean> {
  const { driver, index } = context
  const key = rowKeyOf(context, record)
  const row = await readRow(index, key)
  if (row === undefined || isLive(row.value) || row.value.version !== record.version || row.value.unreadable) return false
  const own = recordObjectKey(record, record.version)
  for (;;) {
    const older: string[] = []
    for await (const found of driver.list({ prefix: recordPrefix(record) })) if (found.key < own) older.push(found.key)
    if (older.length === 0) break
    await driver.delete(older)
  }
  await driver.delete([own])
  try {
    await index.commit([deleteRow(key, row)])
    return true
  } catch (error) {
    // Somebody put the row again; its record has a version of its own.
    if (RegistryError.is(error, 'CONFLICT')) return false
    throw error
  }
}
