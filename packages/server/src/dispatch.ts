import type { Exchange } from './exchange.js'
import { deleteBlob, getBlob, statBlob } from './handlers/blobs.js'
import { tellAlive, tellReady } from './handlers/health.js'
import { listRepositories, listTags } from './handlers/lists.js'
import { deleteManifest, getManifest, putManifest, statManifest } from './handlers/manifests.js'
import { listReferrers } from './handlers/referrers.js'
import { appendUpload, cancelUpload, finishUpload, startUpload, uploadStatus } from './handlers/uploads.js'
import { refuseMethod, refuseSwitchedOff, refuseUnknown, tellMethods } from './handlers/refusals.js'
import { searchRepositories } from './handlers/search.js'
import { checkVersion } from './handlers/version.js'
import { ping, welcome } from './handlers/welcome.js'
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
  'repositories-list': listRepositories,
  'referrers-list': listReferrers,
  search: searchRepositories,
  welcome,
  ping,
  alive: tellAlive,
  ready: tellReady,
  methods: tellMethods,
  'switched-off': refuseSwitchedOff,
  'method-not-allowed': refuseMethod,
  unknown: refuseUnknown,
}

/** Lets the handler of the request's kind answer. */
export async function dispatch(exchange: Exchange, request: RegistryRequest): Promise<void> {
  await (handlers[request.kind] as (exchange: Exchange, request: RegistryRequest) => Promise<void>)(exchange, request)
}
