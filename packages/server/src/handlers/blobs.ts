import type { Digest } from '@registry/core'
import { mediaTypes } from '@registry/core'
import { etagOf, isMatch } from '../etag.js'
import { type Exchange, headerOf } from '../exchange.js'
import { parseRange } from '../range.js'
import { sendBody } from '../send-body.js'
import { type Elsewhere, elsewhere } from './blob-elsewhere.js'
import { refuse } from './refusals.js'

interface BlobRequest {
  readonly repository: string
  readonly digest: Digest
}

/** end-2, HEAD. */
export async function statBlob({ registry, request, reply }: Exchange, { repository, digest }: BlobRequest): Promise<void> {
  const { size } = await registry.blobs.stat(repository, digest)
  blobHeaders(reply, digest)
  await (isMatch(headerOf(request, 'if-none-match'), digest) ? reply.code(304) : reply.header('content-length', size)).send()
}

/** end-2, GET: the bytes, one range of them, or where they are. */
export async function getBlob(exchange: Exchange, { repository, digest }: BlobRequest): Promise<void> {
  const { registry, reply } = exchange
  if (await isUnchanged(exchange, { repository, digest })) {
    await blobHeaders(reply, digest).code(304).send()
    return
  }
  // A range is for whoever has the bytes.
  const place = await elsewhere(exchange, { repository, digest })
  if (place) return sendPlace(reply, digest, place)
  const wanted = await wantedRange(exchange, { repository, digest })
  if (wanted === 'answered') return
  await using blob = await registry.blobs.open(repository, digest, { range: wanted, reuse: true })
  const { start, end } = blob.range
  blobHeaders(reply, digest).header('content-length', end - start)
  if (wanted) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${blob.info.size}`)
  await sendBody(exchange, blob.body, end - start)
}

/** end-10. */
export async function deleteBlob({ registry, reply }: Exchange, { repository, digest }: BlobRequest): Promise<void> {
  await registry.blobs.delete(repository, digest)
  await reply.code(202).send()
}

/** Whether the client has the blob already, of one that it may read. */
async function isUnchanged({ registry, request }: Exchange, { repository, digest }: BlobRequest): Promise<boolean> {
  const noneMatch = headerOf(request, 'if-none-match')
  if (noneMatch === undefined) return false
  await registry.blobs.stat(repository, digest)
  return isMatch(noneMatch, digest)
}

/** What the request's range comes to. Only that needs the size before the blob is opened. */
async function wantedRange(
  { registry, request, reply }: Exchange,
  { repository, digest }: BlobRequest,
): Promise<{ readonly start: number; readonly end: number } | 'answered' | undefined> {
  const { range } = request.headers
  if (range === undefined) return undefined
  const { size } = await registry.blobs.stat(repository, digest)
  const ifRange = headerOf(request, 'if-range')
  const parsed = ifRange === undefined || ifRange === etagOf(digest) ? parseRange(range, size) : undefined
  if (parsed !== 'unsatisfiable') return parsed
  await refuse(reply.code(416).header('content-range', `bytes */${size}`), `no byte of the blob lies in ${range}: it has ${size}`, 'SIZE_INVALID')
  return 'answered'
}

/** Without a body: it is on its way from elsewhere. A URL that ends some time is for nobody to keep. */
async function sendPlace(reply: Exchange['reply'], digest: Digest, place: Elsewhere): Promise<void> {
  if ('url' in place) {
    await reply.code(307).header('location', place.url.href).header('docker-content-digest', digest).header('cache-control', 'no-store').send()
    return
  }
  // nginx says itself that it takes ranges, and would say it twice.
  await blobHeaders(reply, digest).removeHeader('accept-ranges').header('x-accel-redirect', place.nginxPath).code(200).send()
}

function blobHeaders(reply: Exchange['reply'], digest: Digest): Exchange['reply'] {
  return reply
    .header('content-type', mediaTypes.octetStream)
    .header('docker-content-digest', digest)
    .header('etag', etagOf(digest))
    .header('accept-ranges', 'bytes')
    .header('content-disposition', 'attachment')
}
