import type { Context } from './context.js'
import { workOffDue } from './due.js'
import { idPrefixes } from './keyspace.js'
import { workOffTrash } from './trash.js'

/**
 * Does what the notes of processes that died say: writes their records, then deletes their trash.
 * A note that cannot be worked off stays, and keeps none of the others waiting.
 */
export async function workOffNotes(context: Context): Promise<void> {
  const failures: unknown[] = []
  for (const [kind, workOff] of [['due', workOffDue], ['trash', workOffTrash]] as const) {
    for (const prefix of idPrefixes) {
      for await (const id of notesIn(context, `${kind}/${prefix}`)) {
        try {
          await workOff(context, id)
        } catch (error) {
          failures.push(error)
        }
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} notes could not be worked off: ${failures.map(String).join('; ')}`)
}

async function* notesIn({ index }: Context, partition: string): AsyncGenerator<string, void> {
  for (let after: string | undefined, more = true; more; ) {
    const page = await index.scan(partition, { after, limit: 100 })
    for (const { key } of page.entries) yield key.sort
    after = page.entries.at(-1)?.key.sort
    more = page.more
  }
}
