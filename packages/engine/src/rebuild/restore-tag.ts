import type { Digest } from '@registry/core'
import { recordPlace, rowKeys } from '../keyspace.js'
import { putRow } from '../row-store.js'
import { isLive, type Tag } from '../rows.js'
import type { Batch } from './batch.js'
import { noteRecordsDue } from './due-records.js'
import { readRecord, type Reading, type TagReading } from './read-record.js'
import type { RebuildContext } from './rebuild-context.js'
import { unansweredPush } from './unanswered.js'

type FoundTag = TagReading & Pick<Reading, 'group'>

/** Where the manifest of a tag is now. */
type Target = 'there' | 'deleted' | 'left out' | 'never recorded'

/** Puts the row of a tag: live where its manifest is there in the same generation. */
export async function restoreTag(context: RebuildContext, batch: Batch, tag: FoundTag): Promise<void> {
  const { row } = tag
  await batch.load([rowKeys.manifest(row.repository, tag.digest)])
  const target = targetOf(batch, tag)
  switch (target) {
    case 'there':
      putTag(batch, row, { ...fieldsOf(tag), version: row.version, due: context.randomId() })
      return
    case 'left out':
      leaveOut(context, batch, tag, `it leads to the manifest ${tag.digest}, which is left out`)
      return
    case 'deleted':
      bury(context, batch, row)
      return
    case 'never recorded':
      await restoreEarlier(context, batch, tag)
  }
}

/**
 * The push of this version was never answered, since the record of its manifest never came to be. What was answered is
 * the version before it, whose record goes only after the answer. It is named all the same: the record may have been lost.
 */
async function restoreEarlier(context: RebuildContext, batch: Batch, tag: FoundTag): Promise<void> {
  const { row, group } = tag
  for (const key of group.older.toReversed()) {
    const earlier = await readRecord(context, { key, size: 0, place: recordPlace(key), older: [], strangers: [] })
    if (earlier.state === 'bad') {
      leaveOut(context, batch, tag, `its push was never answered, and the record before it, ${key}, is bad: ${earlier.reason}`)
      return
    }
    if (earlier.state !== 'tag') break
    await batch.load([rowKeys.manifest(row.repository, earlier.digest)])
    const target = targetOf(batch, earlier)
    if (target === 'never recorded') continue
    if (target === 'deleted') break
    if (target === 'left out') {
      leaveOut(context, batch, tag, `the version before it leads to the manifest ${earlier.digest}, which is left out`)
      return
    }
    const version = row.version + 1
    const replaced = Array.from({ length: version - earlier.row.version }, (_, n) => ({ ...row, version: earlier.row.version + 1 + n }))
    putTag(batch, row, { ...fieldsOf(earlier), version, due: noteRecordsDue(context, batch, replaced) })
    batch.reportUnanswered(unansweredPush(group.key, row))
    return
  }
  // A bad record does not always say of which manifest it is: it may be this one's.
  const manifests = `${group.key.slice(0, group.key.lastIndexOf('/_tags/'))}/_manifests/`
  if (await batch.hasReported(manifests)) {
    leaveOut(context, batch, tag, `no good record of its manifest ${tag.digest} was found, and ${manifests} has bad ones`)
    return
  }
  bury(context, batch, row)
  batch.reportUnanswered(unansweredPush(group.key, row))
}

/** Whether the records before the highest one are of no use any more. */
export function overrulesOlder(batch: Batch, tag: TagReading): boolean {
  const target = targetOf(batch, tag)
  return target === 'there' || target === 'deleted'
}

function targetOf(batch: Batch, { row, digest, generation, manifestVersion = 0 }: TagReading): Target {
  const manifest = batch.row(rowKeys.manifest(row.repository, digest))
  if (manifest && isLive(manifest) && manifest.generation === generation) return 'there'
  if ((manifest?.version ?? 0) < manifestVersion) return 'never recorded'
  return manifest && !isLive(manifest) && manifest.unreadable ? 'left out' : 'deleted'
}

function putTag(batch: Batch, { repository, tag }: TagReading['row'], row: Tag): void {
  batch.put(putRow(rowKeys.tag(repository, tag), row))
  batch.put(putRow(rowKeys.taggedBy(repository, row.digest, tag), { generation: row.generation }))
  batch.count('tags')
}

/** Its manifest can be mended, and the index rebuilt once more: until then its records have to stay. */
function leaveOut(context: RebuildContext, batch: Batch, { row, group }: FoundTag, reason: string): void {
  batch.put(putRow(rowKeys.tag(row.repository, row.tag), { version: row.version, deleted: context.now(), unreadable: true }))
  batch.report(group.key, reason)
}

/** A tag without its manifest goes as if it had been deleted. */
function bury(context: RebuildContext, batch: Batch, row: TagReading['row']): void {
  const version = row.version + 1
  noteRecordsDue(context, batch, [{ ...row, version }])
  batch.put(putRow(rowKeys.tag(row.repository, row.tag), { version, deleted: context.now() }))
}

function fieldsOf({ digest, generation, manifestVersion, time }: TagReading): { digest: Digest; generation: string; manifestVersion?: number; time: number } {
  return { digest, generation, time, ...(manifestVersion !== undefined && { manifestVersion }) }
}
