import { type Digest, type DigestAlgorithm, RegistryError } from '@registry/core'
import type { AppendOptions, UploadStatus } from '@registry/engine'
import { type Exchange, headerOf } from '../exchange.js'
import { parseContentRange } from '../range.js'

interface SessionRequest {
  readonly repository: string
  readonly id: string
}

interface Mount {
  readonly digest: Digest
  /** Absent: from wherever the blob is. */
  readonly from: string | undefined
}

interface StartRequest {
  readonly repository: string
  readonly digest: Digest | undefined
  readonly mount: Mount | undefined
  readonly algorithm: DigestAlgorithm | undefined
}

/** end-4a, end-4b and end-11: a session, a whole blob, or a blob of another repository. */
export async function startUpload(exchange: Exchange, { repository, digest, mount, algorithm }: StartRequest): Promise<void> {
  const { registry, settings, body } = exchange
  if (mount && (await mounted(exchange, repository, mount))) {
    await created(exchange, repository, mount.digest)
    return
  }
  const session = await registry.uploads.start(repository, { algorithm })
  if (digest) {
    try {
      await settings.slots.use(() => registry.uploads.finish(repository, session.id, { digest, body }))
    } catch (error) {
      // Nobody was told of this session.
      await registry.uploads.cancel(repository, session.id)
      throw error
    }
    await created(exchange, repository, digest)
    return
  }
  await sessionHeaders(exchange, repository, session).code(202).send()
}

/** Whether the other repository had the blob. Where not, the client gets a session, and does not learn why. */
async function mounted({ registry, settings }: Exchange, repository: string, { digest, from }: Mount): Promise<boolean> {
  if (from === undefined && !settings.anonymousMounts) return false
  try {
    await registry.blobs.mount(repository, digest, { from })
    return true
  } catch (error) {
    if (RegistryError.is(error, 'BLOB_UNKNOWN')) return false
    throw error
  }
}

/** end-13. */
export async function uploadStatus(exchange: Exchange, { repository, id }: SessionRequest): Promise<void> {
  const status = await exchange.registry.uploads.status(repository, id)
  await sessionHeaders(exchange, repository, status).code(204).send()
}

/** end-14. */
export async function cancelUpload({ registry, reply }: Exchange, { repository, id }: SessionRequest): Promise<void> {
  await registry.uploads.cancel(repository, id)
  await reply.code(204).send()
}

/** end-5: a chunk with its place, or a stream that goes on where the session stands. */
export async function appendUpload(exchange: Exchange, { repository, id }: SessionRequest): Promise<void> {
  const { registry, body } = exchange
  const status = await atOffset(exchange, { repository, id }, (placement) => registry.uploads.append(repository, id, body, placement))
  await sessionHeaders(exchange, repository, status).code(202).send()
}

/** end-6: no body, the last chunk, or the whole blob. */
export async function finishUpload(exchange: Exchange, { repository, id, digest }: SessionRequest & { readonly digest: Digest }): Promise<void> {
  const { registry, body } = exchange
  await atOffset(exchange, { repository, id }, (placement) => registry.uploads.finish(repository, id, { ...placement, digest, body }))
  await created(exchange, repository, digest)
}

/** Where the session stands elsewhere than the chunk says, the answer tells where, so that the client can go on. */
async function atOffset<Result>(
  exchange: Exchange,
  { repository, id }: SessionRequest,
  use: (placement: AppendOptions) => Promise<Result>,
): Promise<Result> {
  const { registry, settings, request } = exchange
  try {
    const placement = placementOf(headerOf(request, 'content-range'), headerOf(request, 'content-length'))
    return await settings.slots.use(() => use(placement))
  } catch (error) {
    if (RegistryError.is(error, 'RANGE_INVALID')) sessionHeaders(exchange, repository, await registry.uploads.status(repository, id))
    throw error
  }
}

function placementOf(contentRange: string | undefined, contentLength: string | undefined): AppendOptions {
  const range = parseContentRange(contentRange)
  if (range === 'malformed') throw new RegistryError('RANGE_INVALID', `Content-Range is <start>-<end>, got ${JSON.stringify(contentRange)}`)
  if (range && contentLength !== undefined && Number(contentLength) !== range.size) {
    throw new RegistryError('SIZE_MISMATCH', `Content-Range ${contentRange!} has ${range.size} bytes, Content-Length says ${contentLength}`)
  }
  return range ?? {}
}

async function created({ settings, reply }: Exchange, repository: string, digest: Digest): Promise<void> {
  await reply.code(201).header('location', `${settings.urlPrefix}/v2/${repository}/blobs/${digest}`).header('docker-content-digest', digest).send()
}

/** `Range` is inclusive and without a unit; an empty session says `0-0`, since `0--1` breaks parsers. */
function sessionHeaders({ settings, reply }: Exchange, repository: string, { id, offset }: UploadStatus): Exchange['reply'] {
  return reply
    .header('location', `${settings.urlPrefix}/v2/${repository}/blobs/uploads/${id}`)
    .header('range', `0-${Math.max(offset - 1, 0)}`)
    .header('docker-upload-uuid', id)
}
