import type { Context } from './context.js'
import { workOffDue } from './due.js'
import { idPrefixes } from './keyspace.js'
import { workOffTrash } from './trash.js'

/** Does what the notes of processes that died say: writes their records, deletes their trash. */
export async function workOffNotes(context: Context): Promise<void> {
  for (const prefix of idPrefixes) {
    await workOffPartition(context, `due/${prefix}`, workOffDue)
    await workOffPartition(context, `trash/${prefix}`, workOffTrash)
  }
}

async function workOffPartition(context: Context, partition: string, workOff: (context: Context, id: string) => Promise<void>): Promise<void> {
  for (let after: string | undefined, more = true; more; ) {
    const page = await context.index.scan(partition, { after, limit: 100 })
    for (const { key } of page.entries) await workOff(context, key.sort)
    after = page.entries.at(-1)?.key.sort
    more = page.more
  }
}
