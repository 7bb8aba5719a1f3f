import { blobAnswer } from './blobs.js'
import { type Endpoint, endpointOf } from './endpoint.js'
import type { Expected, Request } from './exchange.js'
import { isName } from './grammar.js'
import { catalogAnswer, referrersAnswer, tagsAnswer } from './lists.js'
import { manifestAnswer, pushAnswer } from './manifests.js'
import { answered, refused } from './replies.js'
import type { State } from './state.js'
import { sessionAnswer, startAnswer } from './uploads.js'

/** What a registry in this state answers. Parts are judged in the order in which they stand in the URL. */
export function answerTo(state: State, request: Request): Expected {
  const endpoint = endpointOf(request.path)
  if (!endpoint) return refused(state, 404, 'UNSUPPORTED')
  const { kind, methods, name } = endpoint
  const allow = [...methods, 'OPTIONS']
  if (request.method === 'OPTIONS') return answered(state, 204, { allow })
  if (!methods.includes(request.method)) return refused(state, 405, 'UNSUPPORTED', { headers: { allow } })
  if (kind === 'version') return answered(state, 200, { 'content-type': 'application/json' }, { body: { json: {} } })
  if (kind === 'catalog') return catalogAnswer(state, endpoint)
  return isName(name) ? inRepository(state, { ...endpoint, kind }, request) : refused(state, 400, 'NAME_INVALID')
}

type RepositoryEndpoint = Endpoint & { readonly kind: Exclude<Endpoint['kind'], 'version' | 'catalog'> }

function inRepository(state: State, endpoint: RepositoryEndpoint, request: Request): Expected {
  switch (endpoint.kind) {
    case 'blob':
      return blobAnswer(state, endpoint, request)
    case 'uploads':
      return startAnswer(state, endpoint, request)
    case 'session':
      return sessionAnswer(state, endpoint, request)
    case 'manifest':
      return request.method === 'PUT' ? pushAnswer(state, endpoint, request) : manifestAnswer(state, endpoint, request)
    case 'tags':
      return tagsAnswer(state, endpoint)
    case 'referrers':
      return referrersAnswer(state, endpoint)
  }
}
