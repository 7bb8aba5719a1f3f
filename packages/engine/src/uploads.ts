import { type Body, type CallOptions, type Digest, type DigestAlgorithm, RegistryError, splitDigest } from '@registry/core'
import { LRUCache } from 'lru-cache'
import { abandon } from './abandon-upload.js'
import { closeUpload } from './close-upload.js'
import type { Context } from './context.js'
import { type Digester, digestBody, startDigest } from './digester.js'
import { blobObjectKey, rowKeys } from './keyspace.js'
import { retryConflicts } from './retry.js'
import { deleteRow, putRow, readRow, type Row } from './row-store.js'
import { freeUploadId } from './free-upload-id.js'
import type { StoredObject, Upload } from './rows.js'
import { readStored } from './stored-body.js'
import { discard, noteTrash } from './trash.js'
import { mergeObjects, writeObjects } from './upload-objects.js'

/** Where an upload session stands. */
export interface UploadStatus {
  /** 32 lower-case hexadecimal digits, random, and good in the repository that the session was started in alone. */
  readonly id: string
  /** Bytes that are stored, and where the next one goes. */
  readonly offset: number
}

/** How an upload session is started. */
export interface StartUploadOptions extends CallOptions {
  /** Algorithm of the digest that the upload will be closed with, as far as that is known. Default `sha256`. */
  readonly algorithm?: DigestAlgorithm | undefined
}

/** How bytes are appended to an upload session. */
export interface AppendOptions extends CallOptions {
  /** Where the body says that it begins. Default: at the offset. */
  readonly start?: number | undefined
  /** Bytes that the body says that it has. */
  readonly size?: number | undefined
}

/** How an upload session is finished. */
export interface FinishOptions extends AppendOptions {
  /** The digest of all bytes. */
  readonly digest: Digest
  /** The last bytes. Default: none. */
  readonly body?: Body | undefined
}

/** Upload sessions: bytes on their way to become a blob. */
export interface Uploads {
  /**
   * Opens a session.
   *
   * @throws `TOO_MANY` where there are as many as the policy allows
   */
  start(repository: string, options?: StartUploadOptions): Promise<UploadStatus>

  /** @throws `BLOB_UPLOAD_UNKNOWN` */
  status(repository: string, id: string, options?: CallOptions): Promise<UploadStatus>

  /**
   * Appends the body. When the body throws, what came before is kept, and the error is thrown on.
   * Of two who append at the same offset one wins.
   *
   * @throws `BLOB_UPLOAD_UNKNOWN`; `RANGE_INVALID` where `start` is not the offset, or another append was faster, with
   * the offset in `detail`; `SIZE_MISMATCH`; `TOO_LARGE`. The session is as it was.
   */
  append(repository: string, id: string, body: Body, options?: AppendOptions): Promise<UploadStatus>

  /**
   * Closes the session: the repository then has the blob.
   *
   * @throws as `append` does, and `DIGEST_INVALID` where the bytes have another digest. The session is as it was.
   */
  finish(repository: string, id: string, options: FinishOptions): Promise<{
    /** The one that was asked for, which the bytes have. */
    readonly digest: Digest
    /** Bytes of the whole blob, whatever part of them came last. */
    readonly size: number
  }>

  /**
   * Ends the session; its bytes go.
   *
   * @throws `BLOB_UPLOAD_UNKNOWN`
   */
  cancel(repository: string, id: string, options?: CallOptions): Promise<void>
}

const liveDigests = 1000

interface LiveDigest {
  readonly revision: string
  readonly digester: Digester
}

/** The bytes of one request, stored and not yet part of the session. */
interface Addition {
  readonly objects: readonly StoredObject[]
  readonly count: number
  readonly bytes: number
  /** Keys of everything that was written. */
  readonly fresh: readonly string[]
  /** Keys that the session named, and names no more after this addition. */
  readonly replaced: readonly string[]
  readonly digester: Digester | undefined
  readonly failure: { readonly error: unknown } | undefined
}

export function uploadsOf(context: Context): Uploads {
  const { driver, index, policy, now } = context
  /** Of sessions that this process wrote to last: so that the next append goes on hashing where it stopped. */
  const live = new LRUCache<string, LiveDigest>({ max: liveDigests })

  const session = async (repository: string, id: string, options?: CallOptions): Promise<Row<Upload>> => {
    const row = /^[0-9a-f]{32}$/.test(id) ? await readRow(index, rowKeys.upload(id), options) : undefined
    if (row?.value.repository !== repository || row.value.expires <= now()) {
      throw new RegistryError('BLOB_UPLOAD_UNKNOWN', `${repository} has no such upload session; it may have ended or expired`)
    }
    return row
  }

  const digesterFor = (id: string, { value, revision }: Row<Upload>, algorithm: DigestAlgorithm): Digester | undefined => {
    if (value.offset === 0) return startDigest(algorithm)
    const found = live.get(id)
    return found?.revision === revision ? found.digester.copy() : undefined
  }

  /** Stores a body behind the session's bytes, without telling the session yet. */
  const store = async (
    id: string,
    row: Row<Upload>,
    body: Body,
    { start, size, signal, algorithm }: AppendOptions & { readonly algorithm: DigestAlgorithm },
  ): Promise<Addition> => {
    const { offset, count } = row.value
    if (start !== undefined && start !== offset) throw wrongOffset(start, offset)
    const fresh: string[] = []
    const freshKey = (n: number): string => blobObjectKey(id, n, context.randomId().slice(0, 8))
    const onObject = (key: string): void => void fresh.push(key)
    const digester = digesterFor(id, row, algorithm)
    const onChunk = (chunk: Uint8Array): void => digester?.update(chunk)
    try {
      const written = await writeObjects(driver, body, { freshKey, count, size, onChunk, onObject, signal })
      const all = [...row.value.objects, ...written.objects]
      const merged = await mergeObjects(driver, all, { freshKey, count: count + written.objects.length, onObject, signal })
      return {
        objects: merged.objects,
        count: count + written.objects.length + merged.written,
        bytes: written.bytes,
        fresh,
        replaced: merged.replaced,
        digester,
        failure: written.failure,
      }
    } catch (error) {
      discard(context, fresh)
      throw error
    }
  }

  /** Makes an addition part of the session. */
  const advance = async (id: string, row: Row<Upload>, { objects, count, bytes, fresh, replaced, digester, failure }: Addition): Promise<UploadStatus> => {
    const offset = row.value.offset + bytes
    if (bytes > 0) {
      const { repository, algorithm } = row.value
      const upload: Upload = {
        repository,
        algorithm,
        offset,
        objects,
        count,
        expires: now() + policy.uploadMilliseconds,
        ...(digester && { digest: digester.digest() }),
      }
      const trash = replaced.length > 0 ? noteTrash(context, replaced) : undefined
      try {
        // Where objects become trash the row must not fall back, by a power loss, to one that names them.
        const changes = [putRow(rowKeys.upload(id), upload, row), ...(trash ? [trash.change] : [])]
        const [revision] = await index.commit(changes, { durable: trash !== undefined })
        if (digester) live.set(id, { revision: revision!, digester })
        trash?.workOff()
      } catch (error) {
        await abandon(context, { id, row, fresh, error })
        if (RegistryError.is(error, 'CONFLICT')) throw await overtaken(id, error)
        throw error
      }
    }
    if (failure) throw failure.error
    return { id, offset }
  }

  const overtaken = async (id: string, cause: unknown): Promise<RegistryError> => {
    const row = await readRow(index, rowKeys.upload(id))
    if (row === undefined) return new RegistryError('BLOB_UPLOAD_UNKNOWN', 'the upload session ended meanwhile', { cause })
    const { offset } = row.value
    return new RegistryError('RANGE_INVALID', `another request wrote to this upload session; it is at ${offset} now`, { cause, detail: { offset } })
  }

  /** The digest of all bytes: known from hashing, or from the row, or computed from storage. */
  const digestOfAll = async (algorithm: DigestAlgorithm, { value }: Row<Upload>, { objects, bytes, digester }: Addition, options: CallOptions): Promise<Digest> => {
    if (digester?.algorithm === algorithm) return digester.digest()
    if (bytes === 0 && value.digest !== undefined && splitDigest(value.digest).algorithm === algorithm) return value.digest
    return digestBody(algorithm, readStored(driver, objects, { ...options, reuse: true }))
  }

  return {
    async start(repository: string, { algorithm = 'sha256', signal }: StartUploadOptions = {}): Promise<UploadStatus> {
      const id = await freeUploadId(context, { signal })
      const upload: Upload = { repository, algorithm, offset: 0, objects: [], count: 0, expires: now() + policy.uploadMilliseconds }
      await index.commit([putRow(rowKeys.upload(id), upload, 'absent')], { durable: false, signal })
      return { id, offset: 0 }
    },

    async status(repository: string, id: string, options?: CallOptions): Promise<UploadStatus> {
      const { value } = await session(repository, id, options)
      return { id, offset: value.offset }
    },

    async append(repository: string, id: string, body: Body, options: AppendOptions = {}): Promise<UploadStatus> {
      const row = await session(repository, id, options)
      return advance(id, row, await store(id, row, body, { ...options, algorithm: row.value.algorithm }))
    },

    async finish(repository: string, id: string, options: FinishOptions): Promise<{ readonly digest: Digest; readonly size: number }> {
      const { digest, body = nothing(), signal } = options
      const { algorithm } = splitDigest(digest)
      const row = await session(repository, id, options)
      const addition = await store(id, row, body, { ...options, algorithm })
      if (addition.failure) {
        await advance(id, row, addition)
        throw addition.failure.error
      }
      const found = await digestOfAll(algorithm, row, addition, { signal })
      if (found !== digest) {
        discard(context, addition.fresh)
        throw new RegistryError('DIGEST_INVALID', `the upload has the digest ${found}, not ${digest}`, { detail: { expected: digest, found } })
      }
      const size = row.value.offset + addition.bytes
      await closeUpload(context, { ...addition, id, row, repository, digest, size })
      return { digest, size }
    },

    async cancel(repository: string, id: string, options?: CallOptions): Promise<void> {
      await retryConflicts(context, 'cancelling an upload', async () => {
        const row = await session(repository, id, options)
        const note = noteTrash(context, row.value.objects.map((object) => object.key))
        await index.commit([deleteRow(rowKeys.upload(id), row), note.change], options)
        note.workOff()
      })
    },
  }
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

function wrongOffset(start: number, offset: number): RegistryError {
  return new RegistryError('RANGE_INVALID', `the body begins at ${start}, the upload session is at ${offset}`, { detail: { offset } })
}
