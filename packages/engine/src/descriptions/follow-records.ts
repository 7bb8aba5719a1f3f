import type { Context } from '../context.js'
import type { DueRecord } from '../rows.js'
import { followDescription } from './follow-description.js'

/**
 * Has descriptions follow what records show.
 *
 * @param due - id of their note
 */
export async function followRecords(context: Context, due: string, records: readonly DueRecord[]): Promise<void> {
  const tags = new Map<string, string[]>()
  for (const record of records) {
    if (record.kind === 'tag') tags.set(record.repository, [...(tags.get(record.repository) ?? []), record.tag])
  }
  for (const [repository, names] of tags) await followDescription(context, due, repository, names)
}
