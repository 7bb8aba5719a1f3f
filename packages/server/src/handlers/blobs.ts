import type { Digest } from '@registry/core'
import { mediaTypes } from '@registry/core'
import { etagOf, isMatch } from '../etag.js'
import { type Exchange, headerOf } from '../exchange.js'
import { parseRange } from '../range.js'
import { sendBody } from '../send-body.js'
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

/** end-2, GET, with one range or none. */
export async function getBlob(exchange: Exchange, { repository, digest }: BlobRequest): Promise<void> {
  const { registry, reply } = exchange
  const wanted = await conditions(exchange, { repository, digest })
  if (wanted === 'answered') return
  await using blob = await registry.blobs.open(repository, digest, { range: wanted })
  const { start, end } = blob.range
  blobHeaders(reply, digest).header('content-length', end - start)
  if (wanted) reply.header('content-range', `bytes ${start}-${end - 1}/${blob.info.size}`)
  await sendBody(reply, wanted ? 206 : 200, blob.body)
}

/** end-10. */
export async function deleteBlob({ registry, reply }: Exchange, { repository, digest }: BlobRequest): Promise<void> {
  await registry.blobs.delete(repository, digest)
  await reply.code(202).send()
}

/** What the request's conditions and range come to. Only these need the size before the blob is opened. */
async function conditions(
  { registry, request, reply }: Exchange,
  { repository, digest }: BlobRequest,
): Promise<{ readonly start: number; readonly end: number } | 'answered' | undefined> {
  const { range, 'if-none-match': noneMatch } = request.headers
  if (range === undefined && noneMatch === undefined) return undefined
  const { size } = await registry.blobs.stat(repository, digest)
  if (isMatch(noneMatch, digest)) {
    await blobHeaders(reply, digest).code(304).send()
    return 'answered'
  }
  const ifRange = headerOf(request, 'if-range')
  const parsed = ifRange === undefined || ifRange === etagOf(digest) ? parseRange(range, size) : undefined
  if (parsed !== 'unsatisfiable') return parsed
  await refuse(reply.code(416).header('content-range', `bytes */${size}`), `no byte of the blob lies in ${String(range)}: it has ${size}`, 'SIZE_INVALID')
  return 'answered'
}

function blobHeaders(reply: Exchange['reply'], digest: Digest): Exchange['reply'] {
  return reply
    .header('content-type', mediaTypes.octetStream)
    .header('docker-content-digest', digest)
    .header('etag', etagOf(digest))
    .header('accept-ranges', 'bytes')
    .header('content-disposition', 'attachment')
}
