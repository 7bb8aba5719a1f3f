import type { IncomingMessage } from 'node:http'

/** Headers that a page may read, beside those that every page may. */
const exposed = [
  'Docker-Content-Digest',
  'Docker-Distribution-API-Version',
  'Docker-Upload-UUID',
  'Content-Range',
  'Link',
  'Location',
  'OCI-Filters-Applied',
  'OCI-Subject',
  'OCI-Tag',
  'Range',
  'Retry-After',
  'WWW-Authenticate',
].join(', ')

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const seconds = 600

/** What lets pages of these origins use the registry from a browser. @see https://fetch.spec.whatwg.org/#http-cors-protocol */
export function crossOriginHeaders(request: Pick<IncomingMessage, 'method' | 'headers'>, origins: readonly string[]): Readonly<Record<string, string>> {
  if (origins.length === 0) return {}
  const { method, headers } = request
  const everyone = origins.includes('*')
  const vary: Readonly<Record<string, string>> = everyone ? {} : { vary: 'origin' }
  const { origin } = headers
  if (origin === undefined || !(everyone || origins.includes(origin))) return vary
  const allowed = { ...vary, 'access-control-allow-origin': everyone ? '*' : origin, 'access-control-expose-headers': exposed }
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return allowed
  const wanted = headers['access-control-request-headers']
  return {
    ...allowed,
    'access-control-allow-methods': methods,
    'access-control-max-age': String(seconds),
    ...(wanted !== undefined && { 'access-control-allow-headers': wanted }),
  }
}
