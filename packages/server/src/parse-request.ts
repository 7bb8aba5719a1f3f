import {
  type Digest,
  type DigestAlgorithm,
  digestAlgorithms,
  isDigestAlgorithm,
  parseDigest,
  parseReference,
  parseRepositoryName,
  parseTag,
  type Reference,
  RegistryError,
} from '@registry/core'
import { parseSearch, type SearchQuery } from './parse-search.js'
import { QueryError } from './query-error.js'

/** What a request asks for. */
export type RegistryRequest =
  | { readonly kind: 'version' }
  | { readonly kind: 'blob-stat' | 'blob-get' | 'blob-delete'; readonly repository: string; readonly digest: Digest }
  | {
      readonly kind: 'upload-start'
      readonly repository: string
      /** Push the whole body as this blob. */
      readonly digest: Digest | undefined
      /** A mount from `from`, or from wherever the blob is. */
      readonly mount: { readonly digest: Digest; readonly from: string | undefined } | undefined
      readonly algorithm: DigestAlgorithm | undefined
    }
  | { readonly kind: 'upload-status' | 'upload-append' | 'upload-cancel'; readonly repository: string; readonly id: string }
  | { readonly kind: 'upload-finish'; readonly repository: string; readonly id: string; readonly digest: Digest }
  | { readonly kind: 'manifest-stat' | 'manifest-get' | 'manifest-delete'; readonly repository: string; readonly reference: Reference }
  | { readonly kind: 'manifest-put'; readonly repository: string; readonly reference: Reference; readonly tags: readonly string[] }
  | { readonly kind: 'tags-list'; readonly repository: string; readonly limit: number | undefined; readonly after: string | undefined }
  | { readonly kind: 'repositories-list'; readonly limit: number | undefined; readonly after: string | undefined }
  | {
      readonly kind: 'referrers-list'
      readonly repository: string
      readonly digest: Digest
      readonly artifactType: string | undefined
      readonly after: Digest | undefined
    }
  | ({ readonly kind: 'search' } & SearchQuery)
  | { readonly kind: 'welcome' | 'ping' | 'alive' | 'ready' }
  | { readonly kind: 'methods' | 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'switched-off'; readonly allow: readonly string[]; readonly reason: string }
  | { readonly kind: 'unknown' }

type Route = Readonly<Record<string, () => RegistryRequest>>

/**
 * What `method` and `url` ask for. Names are read from the right, since `a/blobs/uploads` is a legal repository.
 *
 * @param off - methods that are switched off, and why
 * @throws `NAME_INVALID`, `TAG_INVALID`, `DIGEST_INVALID`, `MANIFEST_UNKNOWN` or a `QueryError` where a part is malformed
 * @see distribution-spec, "Endpoints"
 */
export function parseRequest(method: string, url: string, off: ReadonlyMap<string, string> = new Map()): RegistryRequest {
  const [path = '', search = ''] = splitOnce(url, '?')
  const route = routeOf(path, new URLSearchParams(search))
  if (route === undefined) return { kind: 'unknown' }
  const allow = [...Object.keys(route).filter((known) => !off.has(known)), 'OPTIONS']
  if (method === 'OPTIONS') return { kind: 'methods', allow }
  const parse = Object.hasOwn(route, method) ? route[method] : undefined
  if (parse === undefined) return { kind: 'method-not-allowed', allow }
  const reason = off.get(method)
  return reason === undefined ? parse() : { kind: 'switched-off', allow, reason }
}

function routeOf(path: string, query: URLSearchParams): Route | undefined {
  if (path === '/v2' || path === '/v2/') return { GET: version, HEAD: version }
  if (path === '/v2/_catalog') return pages(() => ({ kind: 'repositories-list', ...pageOf(query) }))
  if (path === '/v1/search') return pages(() => ({ kind: 'search', ...parseSearch(query) }))
  if (!path.startsWith('/v2/')) return Object.hasOwn(outside, path) ? outside[path] : undefined
  const parts = path.slice('/v2/'.length).split('/')
  const [last = '', second, third] = parts.toReversed()
  const name = (suffix: number): string => parts.slice(0, -suffix).join('/')

  if (second === 'manifests' && last !== '') return manifestRoute(name(2), last, query)
  if (second === 'tags' && last === 'list') return tagsRoute(name(2), query)
  if (third === 'blobs' && second === 'uploads' && last !== '') return uploadRoute(name(3), last, query)
  if (second === 'referrers' && last !== '') return referrersRoute(name(2), last, query)
  if (third === 'blobs' && second === 'uploads') return startRoute(name(3), query)
  if (second === 'blobs' && last === 'uploads') return startRoute(name(2), query)
  if (second === 'blobs' && last !== '') return blobRoute(name(2), last)
  return undefined
}

const version = (): RegistryRequest => ({ kind: 'version' })

const readable = (kind: 'welcome' | 'ping' | 'alive' | 'ready'): Route => pages(() => ({ kind }))

/** What is no part of the API. */
const outside: Readonly<Record<string, Route>> = {
  '/': readable('welcome'),
  '/_ping': readable('ping'),
  '/v1/_ping': readable('ping'),
  '/livez': readable('alive'),
  '/readyz': readable('ready'),
}

function blobRoute(name: string, digest: string): Route {
  const on = (kind: 'blob-stat' | 'blob-get' | 'blob-delete') => (): RegistryRequest => ({
    kind,
    repository: parseRepositoryName(name),
    digest: parseDigest(decoded(digest)),
  })
  return { GET: on('blob-get'), HEAD: on('blob-stat'), DELETE: on('blob-delete') }
}

function startRoute(name: string, query: URLSearchParams): Route {
  return {
    POST: () => ({
      kind: 'upload-start',
      repository: parseRepositoryName(name),
      digest: optional(query.get('digest'), parseDigest),
      mount: mountOf(query),
      algorithm: optional(query.get('digest-algorithm'), parseAlgorithm),
    }),
  }
}

/** A mount from a source that no repository can be is an ordinary upload. */
function mountOf(query: URLSearchParams): { readonly digest: Digest; readonly from: string | undefined } | undefined {
  const mount = query.get('mount')
  if (mount === null) return undefined
  try {
    return { digest: parseDigest(mount), from: optional(query.get('from'), parseRepositoryName) }
  } catch (error) {
    if (RegistryError.is(error, 'NAME_INVALID')) return undefined
    throw error
  }
}

function uploadRoute(name: string, id: string, query: URLSearchParams): Route {
  const on = (kind: 'upload-status' | 'upload-append' | 'upload-cancel') => (): RegistryRequest => ({ kind, repository: parseRepositoryName(name), id })
  return {
    GET: on('upload-status'),
    PATCH: on('upload-append'),
    DELETE: on('upload-cancel'),
    PUT: () => ({ kind: 'upload-finish', repository: parseRepositoryName(name), id, digest: requiredDigest(query) }),
  }
}

function manifestRoute(name: string, reference: string, query: URLSearchParams): Route {
  const on = (kind: 'manifest-stat' | 'manifest-get' | 'manifest-delete') => (): RegistryRequest => ({
    kind,
    repository: parseRepositoryName(name),
    reference: existingReference(decoded(reference)),
  })
  return {
    GET: on('manifest-get'),
    HEAD: on('manifest-stat'),
    PUT: () => ({ kind: 'manifest-put', repository: parseRepositoryName(name), ...pushed(parseReference(decoded(reference)), query.getAll('tag')) }),
    DELETE: on('manifest-delete'),
  }
}

function pushed(reference: Reference, tags: readonly string[]): { readonly reference: Reference; readonly tags: readonly string[] } {
  if (tags.length > 0 && reference.kind === 'tag') throw new RegistryError('TAG_INVALID', '?tag= goes with a manifest that is pushed by its digest')
  return { reference, tags: tags.map(parseTag) }
}

/** No manifest can have a malformed tag: one is looked for in vain, not in error. */
function existingReference(text: string): Reference {
  try {
    return parseReference(text)
  } catch (error) {
    if (!RegistryError.is(error, 'TAG_INVALID')) throw error
    throw new RegistryError('MANIFEST_UNKNOWN', `there is no such manifest: ${error.message}`, { cause: error })
  }
}

function tagsRoute(name: string, query: URLSearchParams): Route {
  return pages(() => ({ kind: 'tags-list', repository: parseRepositoryName(name), ...pageOf(query) }))
}

function referrersRoute(name: string, digest: string, query: URLSearchParams): Route {
  return pages(() => ({
    kind: 'referrers-list',
    repository: parseRepositoryName(name),
    digest: parseDigest(decoded(digest)),
    artifactType: query.get('artifactType') ?? undefined,
    after: optional(query.get('last'), parseDigest),
  }))
}

function pages(list: () => RegistryRequest): Route {
  return { GET: list, HEAD: list }
}

function pageOf(query: URLSearchParams): { readonly limit: number | undefined; readonly after: string | undefined } {
  return { limit: optional(query.get('n'), parseCount), after: query.get('last') ?? undefined }
}

function requiredDigest(query: URLSearchParams): Digest {
  const text = query.get('digest')
  if (text === null) throw new RegistryError('DIGEST_INVALID', 'closing an upload takes the digest of the blob: ?digest=<algorithm>:<hex>')
  return parseDigest(text)
}

function parseAlgorithm(text: string): DigestAlgorithm {
  if (!isDigestAlgorithm(text)) throw new RegistryError('DIGEST_INVALID', `"digest-algorithm" is one of ${digestAlgorithms.join(', ')}`)
  return text
}

/** A page size. What is larger than any page comes back as it is, and the handler caps it. */
function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new QueryError('PAGINATION_NUMBER_INVALID', '"n" is a whole number from 0 up')
  return Number(text)
}

function optional<Value>(text: string | null, parse: (text: string) => Value): Value | undefined {
  return text === null ? undefined : parse(text)
}

/** Digests and tags may come percent-encoded, `sha256%3A…`; repository names never do. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
