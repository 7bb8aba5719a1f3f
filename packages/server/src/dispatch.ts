import type { Exchange } from './exchange.js'
import { deleteBlob, getBlob, statBlob } from './handlers/blobs.js'
import { deleteManifest, getManifest, putManifest, statManifest } from './handlers/manifests.js'
import { listTags } from './handlers/tags.js'
import { appendUpload, cancelUpload, finishUpload, startUpload, uploadStatus } from './handlers/uploads.js'
import { refuseMethod, refuseUnknown } from './handlers/refusals.js'
import { checkVersion } from './handlers/version.js'
import type { RegistryRequest } from './parse-request.js'

type Kind = RegistryRequest['kind']
type Handlers = { readonly [K in Kind]: (exchange: Exchange, request: Extract<RegistryRequest, { readonly kind: K }>) => Promise<void> }

const handlers: Handlers = {
  version: checkVersion,
  'blob-stat': statBlob,
  'blob-get': getBlob,
  'blob-delete': deleteBlob,
  'upload-start': startUpload,
  'upload-status': uploadStatus,
  'upload-append': appendUpload,
  'upload-cancel': cancelUpload,
  'upload-finish': finishUpload,
  'manifest-stat': statManifest,
  'manifest-get': getManifest,
  'manifest-put': putManifest,
  'manifest-delete': deleteManifest,
  'tags-list': listTags,
  'method-not-allowed': refuseMethod,
  unknown: refuseUnknown,
}

/** Lets the handler of the request's kind answer. */
export async function dispatch(exchange: Exchange, request: RegistryRequest): Promise<void> {
  await (handlers[request.kind] as (exchange: Exchange, request: RegistryRequest) => Promise<void>)(exchange, request)
}
