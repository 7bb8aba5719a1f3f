import { type Change, type Digest, RegistryError } from '@registry/core'
import { bodyOf } from './body.js'
import type { Context } from './context.js'
import { type DueNote, noteDue, workOffDue } from './due.js'
import type { RegistryEvent } from './hooks/events.js'
import { blobObjectKey, type RowKey, rowKeys } from './keyspace.js'
import type { ManifestDocument } from './manifest-document.js'
import { blobsNamed, edgeChanges, fitsInRow, referrerChanges } from './manifest-rows.js'
import { nextVersion } from './next-version.js'
import { promiseBlobs } from './promise-blobs.js'
import { putRepository } from './repository-row.js'
import { conflictWhereUnknown, isUnknown } from './retry.js'
import { checkRow, commitInBatches, deleteRow, putRow, readRows, type Row } from './row-store.js'
import { type DueRecord, isLive, type Manifest, type Repository, type Tag, type Tombstone } from './rows.js'
import { discard } from './trash.js'

/** A manifest that a client sends: parsed, and known to have this digest. */
export interface IncomingManifest {
  readonly repository: string
  readonly digest: Digest
  /** The tags that are to lead to it, each once: as many as fit in a commit. */
  readonly tags: readonly string[]
  readonly text: string
  readonly document: ManifestDocument
}

interface RowsAsRead {
  readonly manifest: Row<Manifest | Tombstone> | undefined
  /** In the order of the incoming tags. */
  readonly tags: readonly (Row<Tag | Tombstone> | undefined)[]
  readonly repository: Row<Repository | Tombstone> | undefined
}

/** How many tags a commit has room for beside the manifest: each has its row, its reverse row, and the one of the manifest that it leaves. */
export function tagsOfCommit({ index }: Context): number {
  const besideTags = 8
  return Math.max(Math.floor((index.capabilities.limits.changes - besideTags) / 3), 1)
}

/** What announces a push, and keeps its blobs until the manifest does. */
interface Announcement {
  readonly generation: string
  readonly edges: readonly Change[]
  /** The object that holds the text, where it does not fit in a row. */
  readonly object: string | undefined
}

/**
 * One attempt to push a manifest.
 *
 * The order is what makes it safe: announce the push and its use of the blobs first, *then* look whether the blobs are
 * there, then commit on condition that everything is as it was read and the announcement still stands.
 *
 * @param lost - attempts before this whose answers were lost; is added to
 * @throws `CONFLICT` where something changed meanwhile; the attempt can be made again
 * @throws `MANIFEST_BLOB_UNKNOWN`
 */
export async function attemptPush(context: Context, incoming: IncomingManifest, lost: LostPush[]): Promise<void> {
  const rows = await readAll(context, incoming)
  const live = rows.manifest && isLive(rows.manifest.value) ? rows.manifest.value : undefined
  // A manifest that is there has edges of its own, which stand as long as its row is as it was read.
  const announcement = live ? undefined : await announce(context, incoming)
  const plan = await committed(context, incoming, rows, announcement, lost)
  try {
    await Promise.all([plan.note?.write(), ...plan.reliesOn.map((id) => workOffDue(context, id))])
  } finally {
    // It has happened, be it that the caller is told of a record that is missing.
    context.hooks.tellAll([...landed(lost, rows), ...plan.events])
  }
  plan.note?.settle()
}

/** What came of attempts whose answers were lost: rows that such a commit put say so, and what it did is not done again. */
function landed(lost: readonly LostPush[], { manifest, repository, tags }: RowsAsRead): readonly RegistryEvent[] {
  const put = new Set([manifest, repository, ...tags].map((row) => row?.value.due))
  return lost.filter(({ due }) => put.has(due)).flatMap(({ events }) => events)
}

/** Looks at the blobs, then commits. */
async function committed(
  context: Context,
  incoming: IncomingManifest,
  rows: RowsAsRead,
  announcement: Announcement | undefined,
  lost: LostPush[],
): Promise<Plan> {
  let plan: Plan | undefined
  try {
    // Where another index has come under the name of this one, what is new to it may be old: a fresh generation would end tags, a fresh version lose.
    const isNew = [rows.manifest, rows.repository, ...rows.tags].includes(undefined)
    await Promise.all([promiseBlobs(context, incoming.repository, blobsNamed(incoming.document)), isNew && context.confirmIndex()])
    plan = planPush(context, incoming, rows, announcement)
    await context.index.commit(plan.changes)
    return plan
  } catch (error) {
    if (plan && isUnknown(error)) lost.push(plan)
    throw await withdraw(context, announcement, error)
  }
}

async function readAll({ index }: Context, { repository, digest, tags }: IncomingManifest): Promise<RowsAsRead> {
  const keys = [rowKeys.manifest(repository, digest), rowKeys.repository(repository, index.capabilities.limits.spread)] as const
  const [manifest, repositoryRow, ...tagRows] = await readRows(index, [...keys, ...tags.map((tag) => rowKeys.tag(repository, tag))] as const)
  return { manifest, repository: repositoryRow, tags: tagRows }
}

async function announce(context: Context, { repository, digest, text, document }: IncomingManifest): Promise<Announcement> {
  const { index, policy } = context
  const generation = context.randomId()
  const object = await putText(context, generation, digest, text)
  const edges = edgeChanges({ repository, digest, generation, document })
  const push = { repository, digest, expires: context.now() + policy.pushMilliseconds, ...(object !== undefined && { object }) }
  try {
    await commitInBatches(index, [putRow(rowKeys.push(generation), push), ...edges], { durable: false })
  } catch (error) {
    throw await withdraw(context, { generation, edges, object }, error)
  }
  return { generation, edges, object }
}

/** Puts a text that does not fit in a row, for a push that no row knows yet: whoever fails here has changed nothing. */
async function putText(context: Context, generation: string, digest: Digest, text: string): Promise<string | undefined> {
  if (fitsInRow(context, text)) return undefined
  const object = blobObjectKey(generation, 0, context.randomId().slice(0, 8))
  const bytes = Buffer.from(text)
  try {
    await context.driver.put(object, bodyOf(bytes), { size: bytes.byteLength })
  } catch (error) {
    discard(context, [object])
    throw error
  }
  // Its record is made of it, without reading it again.
  context.texts.set(digest, text)
  return object
}

/** An attempt of which nobody knows whether it landed. */
export interface LostPush {
  /** Its due note, which stands in the rows that it puts. */
  readonly due: string
  /** What it did, if so. */
  readonly events: readonly RegistryEvent[]
}

/** The one commit of a push, the records that have to be there before the answer, and what listeners are told. */
interface Plan extends LostPush {
  readonly changes: readonly Change[]
  /** Of the records of the rows that it puts. */
  readonly note: DueNote | undefined
  /** Notes of those who put the rows that it only checks; their records may not be written yet. */
  readonly reliesOn: readonly string[]
}

/** The manifest's row as it will be. */
type Target = Pick<Manifest, 'version' | 'generation'>

type Part = Pick<Plan, 'changes' | 'reliesOn' | 'events'> & { readonly records: readonly DueRecord[] }

function planPush(context: Context, incoming: IncomingManifest, rows: RowsAsRead, announcement: Announcement | undefined): Plan {
  const due = context.randomId()
  const target: Target = announcement
    ? { version: nextVersion(context, rows.manifest), generation: announcement.generation }
    : (rows.manifest as Row<Manifest>).value
  const repository = repositoryChanges(context, incoming, rows, due)
  const contents = [
    manifestChanges(context, incoming, rows, announcement, target, due),
    ...incoming.tags.map((tag, n) => tagChanges(context, incoming, { tag, row: rows.tags[n] }, target, due)),
  ]
  const parts = [...contents, repository]
  const records = parts.flatMap((part) => part.records)
  const note = records.length > 0 ? noteDue(context, records, due) : undefined
  return {
    due,
    changes: [...parts.flatMap((part) => part.changes), ...(note ? [note.change] : [])],
    note,
    events: [repository, ...contents].flatMap((part) => part.events),
    reliesOn: [...new Set(parts.flatMap((part) => part.reliesOn))],
  }
}

/** A row that stays as it is. */
function relyOn(key: RowKey<unknown>, row: Row<{ readonly due: string }>): Part {
  return { changes: [checkRow(key, row)], records: [], reliesOn: [row.value.due], events: [] }
}

function manifestChanges(
  context: Context,
  incoming: IncomingManifest,
  rows: RowsAsRead,
  announcement: Announcement | undefined,
  { version }: Target,
  due: string,
): Part {
  const { repository, digest, text, document } = incoming
  const key = rowKeys.manifest(repository, digest)
  if (announcement === undefined) return relyOn(key, rows.manifest as Row<Manifest>)
  const { generation, object } = announcement
  const size = Buffer.byteLength(text)
  const manifest: Manifest = {
    version,
    generation,
    mediaType: document.mediaType,
    size,
    ...(document.subject && { subject: document.subject.digest }),
    time: context.now(),
    due,
    ...(object === undefined ? { text } : { object }),
  }
  return {
    changes: [
      putRow(key, manifest, rows.manifest ?? 'absent'),
      deleteRow(rowKeys.push(generation), 'present'),
      ...(object === undefined ? [] : [putRow(rowKeys.objectOwner(generation), { repository, digest }, 'absent')]),
      ...referrerChanges(context, { repository, digest, generation, size, document }),
    ],
    records: [{ kind: 'manifest', repository, digest, version, ...firstWhere(rows.manifest) }],
    reliesOn: [],
    events: [{ name: 'manifest.pushed', event: { repository, digest, mediaType: document.mediaType, size, subject: document.subject?.digest } }],
  }
}

function tagChanges(
  context: Context,
  { repository, digest, text, document }: IncomingManifest,
  { tag, row }: { readonly tag: string; readonly row: Row<Tag | Tombstone> | undefined },
  target: Target,
  due: string,
): Part {
  const key = rowKeys.tag(repository, tag)
  const { generation, version: manifestVersion } = target
  const before = row && isLive(row.value) ? row.value : undefined
  if (before?.digest === digest && before.generation === generation) return relyOn(key, row as Row<Tag>)
  const version = nextVersion(context, row)
  const moved: Tag = { version, digest, generation, manifestVersion, time: context.now(), due }
  return {
    changes: [
      putRow(key, moved, row ?? 'absent'),
      putRow(rowKeys.taggedBy(repository, digest, tag), { generation }),
      ...(before && before.digest !== digest ? [deleteRow(rowKeys.taggedBy(repository, before.digest, tag))] : []),
    ],
    records: [{ kind: 'tag', repository, tag, version, ...firstWhere(row) }],
    reliesOn: [],
    events: [{ name: 'tag.pushed', event: { repository, tag, digest, mediaType: document.mediaType, size: Buffer.byteLength(text) } }],
  }
}

function repositoryChanges(context: Context, { repository }: IncomingManifest, rows: RowsAsRead, due: string): Part {
  const key = rowKeys.repository(repository, context.index.capabilities.limits.spread)
  if (rows.repository && isLive(rows.repository.value)) {
    const { marked, ...unmarked } = rows.repository.value
    const relied = relyOn(key, rows.repository as Row<Repository>)
    return marked ? { ...relied, changes: [putRepository(context, repository, unmarked, rows.repository)] } : relied
  }
  const version = nextVersion(context, rows.repository)
  // Nothing describes it but what is being pushed, which is looked at behind the answer; where search is off nobody looks.
  const created: Repository = { version, created: context.now(), due, ...(context.policy.search && { derived: null }) }
  return {
    changes: [putRepository(context, repository, created, rows.repository ?? 'absent')],
    records: [{ kind: 'repository', repository, version, ...firstWhere(rows.repository) }],
    reliesOn: [],
    events: [{ name: 'repository.created', event: { repository } }],
  }
}

/**
 * Takes an announcement back after a failure. The push row goes first: without it a commit of unknown outcome cannot
 * land any more. Where it is gone already that commit has landed, and the next attempt finds what it did.
 *
 * @returns the error to throw
 */
async function withdraw(
  context: Context,
  announcement: Announcement | undefined,
  error: unknown,
): Promise<unknown> {
  const again = conflictWhereUnknown(error)
  if (announcement === undefined) return again
  const { generation, edges, object } = announcement
  const cleanUp = async (expect?: 'present'): Promise<void> => {
    await context.index.commit([deleteRow(rowKeys.push(generation), expect)], { durable: false })
    await commitInBatches(context.index, edges.map(({ key }) => deleteRow(key)), { durable: false })
    if (object !== undefined) discard(context, [object])
  }
  if (!isUnknown(error)) {
    context.background.run(() => cleanUp())
    return error
  }
  try {
    await cleanUp('present')
  } catch (failure) {
    if (!RegistryError.is(failure, 'CONFLICT')) return failure
    // Either the manifest row names the text, or nothing ever will: the note's worker looks.
    if (object !== undefined) discard(context, [object])
  }
  return again
}

/** What a record says where there was no row before. */
function firstWhere(row: Row<unknown> | undefined): { readonly isFirst?: true } {
  return row ? {} : { isFirst: true }
}
