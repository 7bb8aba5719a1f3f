import { type Body, type ByteRange, type CallOptions, type Digest, type PresignOptions, RegistryError, resolveRange } from '@registry/core'
import type { Context } from './context.js'
import { deleteBlob } from './delete-blob.js'
import { rowKeys } from './keyspace.js'
import { isFresh, renewed } from './leases.js'
import { asReadable, type ReadableBlob, readableBlob } from './readable-blob.js'
import { retryConflicts } from './retry.js'
import { putRow, readRow, type Row } from './row-store.js'
import type { Blob } from './rows.js'
import { openStoredBody } from './stored-body.js'

/** Facts about a blob. */
export interface BlobInfo {
  /** The one that was asked for. */
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
}

/** Where a blob is in storage. */
export interface BlobLocation extends BlobInfo {
  /** Key of the object that has the bytes of the blob and no others; `undefined` where there are several objects, or none. */
  readonly key: string | undefined
}

/** A blob being read. Whoever opened it disposes of it. */
export interface OpenBlob extends AsyncDisposable {
  /** Facts about the whole blob, also when a range was asked for. */
  readonly info: BlobInfo
  /** The bytes that `body` has; `end` is exclusive. */
  readonly range: {
    /** The first byte, zero-based. */
    readonly start: number
    /** One behind the last byte; the size of the blob at the most. */
    readonly end: number
  }
  /** The bytes, once. A break in the middle is an error, never a short body. Their digest is not checked. */
  readonly body: Body
}

/** How a blob is opened. */
export interface OpenBlobOptions extends CallOptions {
  /** Default: the whole blob. */
  readonly range?: ByteRange | undefined
  /**
   * Whether the memory of a chunk may be used again as soon as the next one is asked for, which can double the speed.
   * Default: false; chunks stay as they are, so that they can be collected, or piped into a stream.
   */
  readonly reuse?: boolean | undefined
}

/** How a blob is mounted. */
export interface MountOptions extends CallOptions {
  /** The repository that has the blob. Absent: none has to, as long as its bytes are there. */
  readonly from?: string | undefined
}

/** Blobs, as repositories see them: a blob is readable through a repository only where that one has a link to it. */
export interface Blobs {
  /** @throws `BLOB_UNKNOWN` */
  stat(repository: string, digest: Digest, options?: CallOptions): Promise<BlobInfo>

  /** @throws `BLOB_UNKNOWN`, `RANGE_INVALID` */
  open(repository: string, digest: Digest, options?: OpenBlobOptions): Promise<OpenBlob>

  /**
   * Tells where a blob is, for who reads it there. As for every read, half of the policy's lease at the least is left of
   * the blob's then: for so long the object stays, whatever is deleted.
   *
   * @throws `BLOB_UNKNOWN`
   */
  locate(repository: string, digest: Digest, options?: CallOptions): Promise<BlobLocation>

  /** A URL that serves the object under a key that `locate` told, to whoever has it. Absent where the driver gives none. */
  readonly presign?: (key: string, options: PresignOptions) => Promise<URL>

  /**
   * Gives the repository a blob that is there already. Whether the caller may read it where it is, is the caller's to ask.
   *
   * @throws `BLOB_UNKNOWN` where `from` does not have it, or, without `from`, where its bytes are missing or damaged
   */
  mount(repository: string, digest: Digest, options?: MountOptions): Promise<BlobInfo>

  /**
   * Takes the blob from the repository; others that have it keep it.
   *
   * @throws `BLOB_UNKNOWN`; `IN_USE` where a manifest of the repository names it, with that manifest in `detail`
   */
  delete(repository: string, digest: Digest, options?: CallOptions): Promise<void>
}

export function blobsOf(context: Context): Blobs {
  const { driver, index } = context
  const presign = driver.capabilities.presign ? driver.presign?.bind(driver) : undefined

  const find = async (repository: string, digest: Digest, options?: CallOptions): Promise<ReadableBlob> => {
    const found = await readableBlob(context, repository, digest, options)
    if (!found) throw new RegistryError('BLOB_UNKNOWN', `${repository} has no blob ${digest}`)
    return found
  }

  /** A blob by its digest alone: also one that no repository has any more, and that nobody collected yet. */
  const findAnywhere = async (digest: Digest, options?: CallOptions): Promise<Row<Blob>> => {
    const row = await readRow(index, rowKeys.blob(digest), options)
    if (row === undefined || row.value.state === 'corrupt') throw new RegistryError('BLOB_UNKNOWN', `the registry has no blob ${digest}`)
    return row
  }

  /** A blob that is kept for a lease from now on. */
  const promised = async (repository: string, digest: Digest, options?: CallOptions): Promise<Blob> =>
    retryConflicts(context, `renewing the lease of ${digest}`, async () => {
      const { blob } = await find(repository, digest, options)
      if (!isFresh(context, blob.value)) await index.commit([renewed(context, digest, blob)], options)
      return blob.value
    })

  return {
    async stat(repository: string, digest: Digest, options?: CallOptions): Promise<BlobInfo> {
      const { size } = await promised(repository, digest, options)
      return { digest, size }
    },

    async open(repository: string, digest: Digest, { range, signal, reuse }: OpenBlobOptions = {}): Promise<OpenBlob> {
      const { size, objects } = await promised(repository, digest, { signal })
      const resolved = resolveRange(range, size)
      const stored = await openStoredBody(driver, objects, resolved, { signal, reuse })
      return {
        info: { digest, size },
        range: resolved,
        body: stored.body,
        [Symbol.asyncDispose]: () => stored[Symbol.asyncDispose](),
      }
    },

    async locate(repository: string, digest: Digest, options?: CallOptions): Promise<BlobLocation> {
      const { size, objects } = await promised(repository, digest, options)
      return { digest, size, key: objects.length === 1 ? objects[0]!.key : undefined }
    },

    ...(presign && { presign }),

    async mount(repository: string, digest: Digest, { from, signal }: MountOptions = {}): Promise<BlobInfo> {
      return retryConflicts(context, `mounting ${digest}`, async () => {
        const blob = from === undefined ? await findAnywhere(digest, { signal }) : (await find(from, digest, { signal })).blob
        const key = rowKeys.link(repository, digest)
        const link = await readRow(index, key, { signal })
        // One commit: the link is never there without a blob row that will not be collected under it.
        const { incarnation, size } = blob.value
        await index.commit([renewed(context, digest, blob), putRow(key, { incarnation }, link ?? 'absent')], { signal })
        if (!asReadable(blob, link)) context.hooks.tell('blob.mounted', { repository, digest, size, ...(from !== undefined && { from }) })
        return { digest, size }
      })
    },

    delete: (repository: string, digest: Digest, options?: CallOptions) => deleteBlob(context, repository, digest, options),
  }
}
