import type { CallOptions, Digest } from '@registry/core'
import { parseDigest } from '@registry/core'
import type { Context } from './context.js'
import { readTraces } from './doomed.js'
import { rowKeys } from './keyspace.js'
import { parseManifest } from './manifest-document.js'
import { loadText } from './manifest-text.js'
import { readRow, type Row } from './row-store.js'
import { isLive, type Referrer } from './rows.js'

/** Which page of the referrers of a manifest is wanted. */
export interface ListReferrersOptions extends CallOptions {
  /** Only those of this type. */
  readonly artifactType?: string | undefined
  /** Only manifests strictly behind this one. It need not exist. */
  readonly after?: Digest | undefined
  /** Bytes of the page as JSON, at the most; one descriptor is always given. */
  readonly bytes: number
}

/** What refers to a manifest. @see image-spec, descriptor.md */
export type ReferrerDescriptor = Referrer['descriptor']

/** A page of the manifests that refer to one. */
export interface ReferrerPage {
  /** In the byte order of their digests. */
  readonly descriptors: readonly ReferrerDescriptor[]
  /** Whether there may be more behind the last. */
  readonly more: boolean
}

/** Referrers: the manifests whose subject is another one. */
export interface Referrers {
  /**
   * The descriptors of the manifests in this repository that refer to `subject`, in the byte order of their digests.
   * Neither the subject nor the repository has to exist.
   *
   * @see distribution-spec, "Listing Referrers"
   */
  list(repository: string, subject: Digest, options: ListReferrersOptions): Promise<ReferrerPage>
}

const pageSize = 1000

export function referrersOf(context: Context): Referrers {
  const { index } = context

  /** The descriptor of one; `undefined` where its manifest was deleted meanwhile. */
  const descriptorOf = async (repository: string, digest: Digest, { descriptor, annotationsLeftOut }: Referrer): Promise<ReferrerDescriptor | undefined> => {
    if (!annotationsLeftOut) return descriptor
    const manifest = await readRow(index, rowKeys.manifest(repository, digest))
    if (!manifest || !isLive(manifest.value)) return undefined
    const { annotations } = parseManifest(manifest.value.mediaType, await loadText(context, digest, manifest.value))
    return annotations ? { ...descriptor, annotations } : descriptor
  }

  return {
    async list(repository: string, subject: Digest, { artifactType, after, bytes, signal }: ListReferrersOptions): Promise<ReferrerPage> {
      const descriptors: ReferrerDescriptor[] = []
      let room = bytes
      for (let cursor: string | undefined = after, more = true; more; ) {
        const scan = { after: cursor, limit: pageSize, signal }
        const { page, dead } = await readTraces(context, repository, () => index.scan(rowKeys.referrers(repository, subject), scan), { signal })
        for (const { key, value } of page.entries) {
          const referrer = value as unknown as Row<Referrer>['value']
          if (dead.has(referrer.generation) || (artifactType !== undefined && referrer.descriptor.artifactType !== artifactType)) continue
          const descriptor = await descriptorOf(repository, parseDigest(key.sort), referrer)
          if (descriptor === undefined) continue
          room -= Buffer.byteLength(JSON.stringify(descriptor)) + 1
          if (room < 0 && descriptors.length > 0) return { descriptors, more: true }
          descriptors.push(descriptor)
        }
        cursor = page.entries.at(-1)?.key.sort
        more = page.more
      }
      return { descriptors, more: false }
    },
  }
}
