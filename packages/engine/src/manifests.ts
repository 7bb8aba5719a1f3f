import { type CallOptions, type Digest, parseDigest, parseMediaType, type Reference, RegistryError, splitDigest } from '@registry/core'
import type { Context } from './context.js'
import { deleteManifest } from './delete-manifest.js'
import { digestOf } from './digester.js'
import { checkPush } from './hooks/check-push.js'
import { rowKeys } from './keyspace.js'
import { parseManifest } from './manifest-document.js'
import { attemptPush, type LostPush, tagsOfCommit } from './manifest-push.js'
import { checkShape } from './manifest-shape.js'
import { loadText } from './manifest-text.js'
import { requireRepository } from './require-repository.js'
import { retryConflicts } from './retry.js'
import { scanManifests } from './manifest-rows.js'
import { readRow } from './row-store.js'
import { isLive, type Manifest } from './rows.js'
import { sweepManifest } from './sweep-manifest.js'

/** Facts about a manifest. */
export interface ManifestInfo {
  /** Of the exact bytes. `sha256`, unless it was pushed by a digest of another algorithm. */
  readonly digest: Digest
  /** An image's or an index's, OCI's or Docker's, as `mediaTypes` of core has them: no other one is accepted. */
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  /** The manifest that it refers to. */
  readonly subject: Digest | undefined
}

/** How a manifest is pushed. */
export interface PushManifestOptions extends CallOptions {
  /** `Content-Type` as it was sent, parameters and all. Empty or absent: as the document says. */
  readonly mediaType?: string | undefined
  /** Tags that are to lead to it, beside that of the reference. */
  readonly tags?: readonly string[] | undefined
}

/** Which page of the manifests of a repository is wanted. */
export interface ListManifestsOptions extends CallOptions {
  /** How many at most, from 1 on. */
  readonly limit: number
  /** Only manifests strictly behind this one. It need not exist. */
  readonly after?: Digest | undefined
}

/** A page of the manifests of a repository. */
export interface ManifestPage {
  /** In the byte order of their digests, at most as many as the `limit`. */
  readonly manifests: readonly ManifestInfo[]
  /** Whether there are manifests behind the last. */
  readonly more: boolean
}

/** Manifests: what tags and digests lead to. */
export interface Manifests {
  /**
   * Keeps the exact bytes under their digest, and under the tag where the reference is one. Pushing the same again
   * changes nothing. Tags that do not fit in one commit of the index move one commit after the other; where that breaks
   * off, some have moved.
   *
   * @throws `MANIFEST_INVALID`; `TOO_LARGE`, also where it has too many descriptors or tags; `DIGEST_INVALID` where the reference is another digest;
   * `MANIFEST_BLOB_UNKNOWN` where the repository lacks a blob that it names; `DENIED` where a check refuses it
   */
  push(repository: string, reference: Reference, bytes: Uint8Array, options?: PushManifestOptions): Promise<ManifestInfo>

  /** @throws `MANIFEST_UNKNOWN`, `NAME_UNKNOWN` */
  stat(repository: string, reference: Reference, options?: CallOptions): Promise<ManifestInfo>

  /**
   * The exact bytes that were pushed.
   *
   * @throws `MANIFEST_UNKNOWN`, `NAME_UNKNOWN`
   */
  get(repository: string, reference: Reference, options?: CallOptions): Promise<ManifestInfo & {
    /** All of them, as many as `size` says. */
    readonly bytes: Uint8Array
  }>

  /**
   * Manifests in the byte order of their digests.
   *
   * @throws `NAME_UNKNOWN`
   */
  list(repository: string, options: ListManifestsOptions): Promise<ManifestPage>

  /**
   * Deletes the manifest, and with it every tag that leads to it.
   *
   * @throws `MANIFEST_UNKNOWN`, `NAME_UNKNOWN`
   */
  delete(repository: string, digest: Digest, options?: CallOptions): Promise<void>
}

interface FoundManifest {
  readonly digest: Digest
  readonly row: Manifest
}

export function manifestsOf(context: Context): Manifests {
  const { index, policy } = context

  const find = async (repository: string, reference: Reference, options?: CallOptions): Promise<FoundManifest> => {
    const found = reference.kind === 'digest' ? await byDigest(repository, reference.digest, options) : await byTag(repository, reference.tag, options)
    if (found) return found
    await requireRepository(context, repository, options)
    throw new RegistryError('MANIFEST_UNKNOWN', `${repository} has no manifest ${reference.kind === 'tag' ? reference.tag : reference.digest}`)
  }

  const byDigest = async (repository: string, digest: Digest, options?: CallOptions): Promise<FoundManifest | undefined> => {
    const manifest = await readRow(index, rowKeys.manifest(repository, digest), options)
    return manifest && isLive(manifest.value) ? { digest, row: manifest.value } : undefined
  }

  const byTag = async (repository: string, tag: string, options?: CallOptions): Promise<FoundManifest | undefined> => {
    for (let before: string | undefined; ; ) {
      const row = await readRow(index, rowKeys.tag(repository, tag), options)
      // A tag that is as it was when its manifest was not there leads nowhere; another one may have moved meanwhile.
      if (!row || !isLive(row.value) || row.revision === before) return undefined
      const found = await byDigest(repository, row.value.digest, options)
      // A tag of another generation is one of a manifest that was deleted, whatever was pushed after it.
      if (found?.row.generation === row.value.generation) return found
      before = row.revision
    }
  }

  return {
    async push(repository: string, reference: Reference, bytes: Uint8Array, { mediaType, tags = [], signal }: PushManifestOptions = {}): Promise<ManifestInfo> {
      if (bytes.byteLength > policy.manifestBytes) {
        throw new RegistryError('TOO_LARGE', `the manifest has ${bytes.byteLength} bytes; the limit is ${policy.manifestBytes}`)
      }
      if (tags.length > policy.pushTags) throw new RegistryError('TOO_LARGE', `these are ${tags.length} tags; a push has at most ${policy.pushTags}`)
      const text = decode(bytes)
      checkShape(text, policy.manifestDepth)
      const document = parseManifest(parseMediaType(mediaType), text)
      if (document.descriptors > policy.manifestDescriptors) {
        throw new RegistryError('TOO_LARGE', `the manifest has ${document.descriptors} descriptors; the limit is ${policy.manifestDescriptors}`)
      }
      const digest = digestOf(reference.kind === 'digest' ? splitDigest(reference.digest).algorithm : 'sha256', bytes)
      if (reference.kind === 'digest' && reference.digest !== digest) {
        throw new RegistryError('DIGEST_INVALID', `the manifest has the digest ${digest}, not ${reference.digest}`)
      }
      const all = [...new Set(reference.kind === 'tag' ? [reference.tag, ...tags] : tags)]
      await checkPush(context, { repository, digest, tags: all, text, document }, { signal })
      for (const some of batchesOf(all, tagsOfCommit(context))) {
        const lost: LostPush[] = []
        await retryConflicts(context, `pushing a manifest to ${repository}`, async () => {
          // Between attempts only: an attempt that has announced itself ends with a commit or takes it back.
          signal?.throwIfAborted()
          await attemptPush(context, { repository, digest, tags: some, text, document }, lost)
        })
      }
      return { digest, mediaType: document.mediaType, size: bytes.byteLength, subject: document.subject?.digest }
    },

    async stat(repository: string, reference: Reference, options?: CallOptions): Promise<ManifestInfo> {
      const { digest, row } = await find(repository, reference, options)
      return { digest, mediaType: row.mediaType, size: row.size, subject: row.subject }
    },

    async get(repository: string, reference: Reference, options?: CallOptions): Promise<ManifestInfo & { readonly bytes: Uint8Array }> {
      for (let before: string | undefined; ; ) {
        const { digest, row } = await find(repository, reference, options)
        try {
          const bytes = Buffer.from(await loadText(context, digest, row))
          return { digest, mediaType: row.mediaType, size: row.size, subject: row.subject, bytes }
        } catch (error) {
          // The text goes with its manifest, which may be deleted meanwhile; one that is still there has lost it.
          if (!RegistryError.is(error, 'CORRUPT') || row.generation === before) throw error
          before = row.generation
        }
      }
    },

    async list(repository: string, { limit, after, signal }: ListManifestsOptions): Promise<ManifestPage> {
      await requireRepository(context, repository, { signal })
      const manifests: ManifestInfo[] = []
      for await (const { sort, value } of scanManifests(index, repository, { after, signal })) {
        if (!isLive(value)) continue
        if (manifests.length === limit) return { manifests, more: true }
        manifests.push({ digest: parseDigest(sort), mediaType: value.mediaType, size: value.size, subject: value.subject })
      }
      return { manifests, more: false }
    },

    async delete(repository: string, digest: Digest, options?: CallOptions): Promise<void> {
      const generation = await deleteManifest(context, repository, digest, options)
      context.background.run(() => sweepManifest(context, repository, generation))
    },
  }
}

/** The tags in batches of at most so many; where there are none, one batch of none. */
function batchesOf(tags: readonly string[], most: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.max(Math.ceil(tags.length / most), 1) }, (_, n) => tags.slice(n * most, (n + 1) * most))
}

/** The exact text, byte order mark and all: what does not come back as the same bytes is refused. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new RegistryError('MANIFEST_INVALID', 'the manifest is not UTF-8', { cause: error })
  }
}
