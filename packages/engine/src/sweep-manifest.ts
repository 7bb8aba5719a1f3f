import { RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { tagBurial } from './delete-tag.js'
import { noteDue } from './due.js'
import type { RegistryEvent } from './hooks/events.js'
import { rowKeys } from './keyspace.js'
import { parseManifest } from './manifest-document.js'
import { loadText } from './manifest-text.js'
import { landed, record } from './recorded-commit.js'
import { conflictWhereUnknown, isUnknown, retryConflicts } from './retry.js'
import { commitInBatches, deleteRow, isLiveRow, readRow, readRows, type Row } from './row-store.js'
import type { Doomed, TaggedBy } from './rows.js'
import { noteTrash } from './trash.js'

/** Tags that are buried in one commit. */
const tagsAtOnce = 25

/**
 * Removes what a deleted manifest left behind: its tags, its place among the referrers of its subject, its edges to
 * blobs, at last its text. Each goes only as long as it carries the generation that died. Anyone may do it, and twice.
 */
export async function sweepManifest(context: Context, repository: string, generation: string): Promise<void> {
  const { index } = context
  const row = await readRow(index, rowKeys.doomedManifest(repository, generation))
  if (row) {
    await buryTags(context, repository, row.value)
    await dropReferrer(context, repository, row.value)
    if (await dropEdges(context, repository, row.value)) await dropRemains(context, repository, row)
  } else {
    await index.commit([deleteRow(rowKeys.sweep(generation))], { durable: false })
  }
}

async function buryTags(context: Context, repository: string, { digest, generation }: Doomed): Promise<void> {
  for (let after: string | undefined, more = true; more; ) {
    context.background.ending.throwIfAborted()
    const lost: LostPage[] = []
    const done = await retryConflicts(context, `sweeping the tags of ${digest} in ${repository}`, () =>
      buryPage(context, repository, { digest, generation, after }, lost),
    )
    after = done.after
    more = done.more
  }
}

/** A commit whose answer was lost. */
interface LostPage {
  /** Its note. */
  readonly due: string
  readonly events: readonly RegistryEvent[]
}

/** One page of tags, which all go, or none where one of them changed meanwhile. */
async function buryPage(
  context: Context,
  repository: string,
  { digest, generation, after }: Pick<Doomed, 'digest' | 'generation'> & { readonly after: string | undefined },
  lost: LostPage[],
): Promise<{ readonly after: string | undefined; readonly more: boolean }> {
  const { index } = context
  const { entries, more } = await index.scan(rowKeys.tagsOf(repository, digest), { after, limit: tagsAtOnce })
  const dead = entries.filter(({ value }) => (value as unknown as TaggedBy).generation === generation)
  const tags = await readRows(index, dead.map(({ key }) => rowKeys.tag(repository, key.sort)))
  const due = context.randomId()
  const burials = dead.map((entry, n) => {
    const tag = tags[n]
    if (isLiveRow(tag) && tag.value.digest === digest && tag.value.generation === generation) return tagBurial(context, repository, entry.key.sort, tag, due)
    return { changes: [deleteRow(entry.key, entry)], records: [], events: [] }
  })
  const records = burials.flatMap((burial) => burial.records)
  const note = records.length > 0 ? noteDue(context, records, due) : undefined
  const changes = [...burials.flatMap((burial) => burial.changes), ...(note ? [note.change] : [])]
  const events = burials.flatMap((burial) => burial.events ?? [])
  try {
    if (changes.length > 0) await index.commit(changes)
  } catch (error) {
    if (isUnknown(error)) lost.push({ due, events })
    throw conflictWhereUnknown(error)
  }
  if (note) await record(context, note, events)
  // What landed of those is gone from the page that this attempt read.
  for (const page of lost) {
    const earlier = await landed(context, page.due)
    if (earlier) await record(context, earlier, page.events)
  }
  return { after: entries.at(-1)?.key.sort, more }
}

async function dropReferrer(context: Context, repository: string, { subject, digest, generation }: Doomed): Promise<void> {
  if (subject === undefined) return
  const key = rowKeys.referrer(repository, subject, digest)
  await retryConflicts(context, `sweeping the referrer ${digest} of ${repository}`, async () => {
    const row = await readRow(context.index, key)
    if (row?.value.generation === generation) await context.index.commit([deleteRow(key, row)], { durable: false })
  })
}

/** @returns whether there is more to do: where somebody else was faster, the text may be gone with everything else */
async function dropEdges(context: Context, repository: string, doomed: Doomed): Promise<boolean> {
  let text: string
  try {
    text = await loadText(context, doomed.digest, doomed)
  } catch (error) {
    if (!RegistryError.is(error, 'CORRUPT') || (await readRow(context.index, rowKeys.doomedManifest(repository, doomed.generation)))) throw error
    return false
  }
  const { blobs } = parseManifest(doomed.mediaType, text)
  const digests = [...new Set(blobs.map((blob) => blob.digest))]
  const edges = digests.map((digest) => deleteRow(rowKeys.used(digest, repository, doomed.digest, doomed.generation)))
  await commitInBatches(context.index, edges, { atomic: false, durable: false })
  return true
}

async function dropRemains(context: Context, repository: string, { value: { generation, object } }: Row<Doomed>): Promise<void> {
  const trash = object === undefined ? undefined : noteTrash(context, [object])
  await context.index.commit([
    deleteRow(rowKeys.doomedManifest(repository, generation)),
    deleteRow(rowKeys.sweep(generation)),
    ...(trash ? [deleteRow(rowKeys.objectOwner(generation)), trash.change] : []),
  ])
  trash?.workOff()
}
