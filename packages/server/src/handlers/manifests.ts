import { type Reference, RegistryError } from '@registry/core'
import type { ManifestInfo } from '@registry/engine'
import { smallBytes } from '../byte-budget.js'
import { untilClientLeaves } from '../client-left.js'
import { etagOf, isMatch } from '../etag.js'
import { type Exchange, headerOf } from '../exchange.js'

interface ManifestRequest {
  readonly repository: string
  readonly reference: Reference
}

/** end-3, HEAD. */
export async function statManifest({ registry, request, reply }: Exchange, { repository, reference }: ManifestRequest): Promise<void> {
  const manifest = await registry.manifests.stat(repository, reference)
  manifestHeaders(reply, manifest)
  await (isMatch(headerOf(request, 'if-none-match'), manifest.digest) ? reply.code(304) : reply.header('content-length', manifest.size)).send()
}

/** end-3, GET: the exact bytes, with the media type that they were pushed with, whatever `Accept` says. */
export async function getManifest({ registry, request, reply }: Exchange, { repository, reference }: ManifestRequest): Promise<void> {
  const manifest = await registry.manifests.get(repository, reference)
  manifestHeaders(reply, manifest)
  if (isMatch(headerOf(request, 'if-none-match'), manifest.digest)) await reply.code(304).send()
  else await reply.send(manifest.bytes)
}

/** end-7a and end-7b: under its digest, a tag, or its digest and several tags. */
export async function putManifest(exchange: Exchange, { repository, reference, tags }: ManifestRequest & { readonly tags: readonly string[] }): Promise<void> {
  const { registry, settings, request, reply } = exchange
  const mediaType = headerOf(request, 'content-type')
  const signal = untilClientLeaves(reply.raw)
  const manifest = await settings.slots.use(() =>
    withBytes(exchange, registry.policy.manifestBytes, (bytes) => registry.manifests.push(repository, reference, bytes, { mediaType, tags, signal })),
  )
  reply.code(201).header('location', `${settings.urlPrefix}/v2/${repository}/manifests/${manifest.digest}`)
  reply.header('docker-content-digest', manifest.digest)
  if (tags.length > 0) reply.header('oci-tag', [...new Set(tags)])
  if (manifest.subject) reply.header('oci-subject', manifest.subject)
  await reply.send()
}

/** end-9: a tag goes alone, a manifest with every tag that leads to it. */
export async function deleteManifest({ registry, reply }: Exchange, { repository, reference }: ManifestRequest): Promise<void> {
  if (reference.kind === 'tag') await registry.tags.delete(repository, reference.tag)
  else await registry.manifests.delete(repository, reference.digest)
  await reply.code(202).send()
}

/**
 * Lets somebody use the whole body.
 *
 * @throws `TOO_LARGE` as soon as it is certain, which may be before the first byte
 */
async function withBytes<Result>({ settings, request, body }: Exchange, limit: number, use: (bytes: Buffer) => Promise<Result>): Promise<Result> {
  const tooLarge = (): RegistryError => new RegistryError('TOO_LARGE', `a manifest has at most ${limit} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const chunks: Uint8Array[] = []
  let [bytes, taken] = [0, 0]
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength
      if (bytes > limit) throw tooLarge()
      if (bytes > smallBytes) {
        settings.buffered.take(bytes - taken)
        taken = bytes
      }
      chunks.push(chunk)
    }
    return await use(Buffer.concat(chunks))
  } finally {
    settings.buffered.give(taken)
  }
}

function manifestHeaders(reply: Exchange['reply'], { digest, mediaType }: ManifestInfo): Exchange['reply'] {
  return reply.header('content-type', mediaType).header('docker-content-digest', digest).header('etag', etagOf(digest))
}
