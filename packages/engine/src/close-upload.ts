import { type Change, type Digest, RegistryError } from '@registry/core'
import { abandon } from './abandon-upload.js'
import type { Context } from './context.js'
import { noteDue } from './due.js'
import { ownerOfObject, rowKeys } from './keyspace.js'
import { freshLease } from './leases.js'
import { deleteRow, putRow, readRows, type Row } from './row-store.js'
import { promiseBlobs } from './promise-blobs.js'
import { asReadable } from './readable-blob.js'
import { isUnknown, retryConflicts } from './retry.js'
import type { Blob, Link, Moved, StoredObject, Upload } from './rows.js'
import { discard, noteTrash } from './trash.js'

export interface ClosingUpload {
  readonly id: string
  readonly row: Row<Upload>
  readonly repository: string
  readonly digest: Digest
  readonly size: number
  readonly objects: readonly StoredObject[]
  /** Keys that the session named and the blob does not. */
  readonly replaced: readonly string[]
  /** Keys that only this request knows of. */
  readonly fresh: readonly string[]
}

/**
 * Makes the bytes of a session a blob of its repository, in one commit that names the session, the blob and the link.
 *
 * @throws `BLOB_UPLOAD_UNKNOWN` where the session ended meanwhile, `RANGE_INVALID` where it went on
 */
export async function closeUpload(context: Context, upload: ClosingUpload): Promise<void> {
  const { id, row, repository, digest } = upload
  await retryConflicts(context, `closing an upload to ${repository}`, async () => {
    const [blob, link, session] = await readRows(context.index, [rowKeys.blob(digest), rowKeys.link(repository, digest), rowKeys.upload(id)])
    if (session?.revision !== row.revision) {
      discard(context, upload.fresh)
      throw session === undefined
        ? new RegistryError('BLOB_UPLOAD_UNKNOWN', 'the upload session ended meanwhile')
        : new RegistryError('RANGE_INVALID', 'another request wrote to this upload session', { detail: { offset: session.value.offset } })
    }
    await commitBlob(context, upload, blob, link)
  })
}

async function commitBlob(context: Context, upload: ClosingUpload, blob: Row<Blob> | undefined, link: Row<Link> | undefined): Promise<void> {
  const { id, row, repository, digest, size } = upload
  const { changes, incarnation, trash, moved } = blobChanges(context, upload, blob)
  const trashNote = trash.length > 0 ? noteTrash(context, trash) : undefined
  const dueNote = moved && noteDue(context, [{ kind: 'moved', digest, ...moved }])
  try {
    await context.index.commit([
      deleteRow(rowKeys.upload(id), row),
      ...changes,
      putRow(rowKeys.link(repository, digest), { incarnation }, link ?? 'absent'),
      ...(trashNote ? [trashNote.change] : []),
      ...(dueNote ? [dueNote.change] : []),
    ])
  } catch (error) {
    if (RegistryError.is(error, 'CONFLICT')) throw error
    await abandon(context, { id, row, fresh: upload.fresh, error })
    // The answer was lost, and perhaps not what was asked for: the commit had landed, or the blob was there before.
    if (!isUnknown(error) || !(await isPromised(context, repository, digest))) throw error
  }
  try {
    await dueNote?.write()
  } finally {
    // It has happened, be it that the caller is told of a record that is missing.
    if (!asReadable(blob, link)) context.hooks.tell('blob.pushed', { repository, digest, size })
  }
  trashNote?.workOff()
  dueNote?.settle()
}

async function isPromised(context: Context, repository: string, digest: Digest): Promise<boolean> {
  try {
    await promiseBlobs(context, repository, [digest])
    return true
  } catch (error) {
    if (RegistryError.is(error)) return false
    throw error
  }
}

interface BlobChanges {
  readonly changes: readonly Change[]
  readonly incarnation: string
  readonly trash: readonly string[]
  readonly moved?: Moved
}

/** What becomes of the blob row, and which objects nothing will name. */
function blobChanges(context: Context, { id, digest, size, objects, replaced }: ClosingUpload, blob: Row<Blob> | undefined): BlobChanges {
  const key = rowKeys.blob(digest)
  const fresh = { size, objects, lease: freshLease(context), state: 'live', verified: context.now() } as const
  const owner = objects.length > 0 ? [putRow(rowKeys.objectOwner(id), { digest }, 'absent')] : []

  if (blob === undefined) {
    const incarnation = context.randomId()
    return { changes: [putRow(key, { ...fresh, incarnation }, 'absent'), ...owner], incarnation, trash: replaced }
  }
  const { incarnation } = blob.value
  const old = blob.value.objects.map((object) => object.key)
  if (blob.value.state !== 'corrupt' || old[0] === undefined) {
    // The bytes are there already: theirs stay, ours go.
    const kept: Blob = { ...blob.value, state: 'live', lease: fresh.lease }
    return { changes: [putRow(key, kept, blob)], incarnation, trash: [...replaced, ...objects.map((object) => object.key)] }
  }
  const earlier = blob.value.moved ?? []
  const moved: Moved = { from: old[0], version: (earlier.at(-1)?.version ?? 0) + 1 }
  const healed: Blob = { ...fresh, incarnation, moved: [...earlier, moved] }
  return {
    changes: [putRow(key, healed, blob), ...owner, deleteRow(rowKeys.objectOwner(ownerOfObject(moved.from)))],
    incarnation,
    trash: [...replaced, ...old],
    moved,
  }
}
