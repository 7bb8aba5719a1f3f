import { isNamed } from './blobs.js'
import { broken, typeOf } from './document.js'
import type { Endpoint } from './endpoint.js'
import type { Expected, Request } from './exchange.js'
import { algorithmOf, decoded, digestOf, isDigest, isTag } from './grammar.js'
import { answered, refused } from './replies.js'
import { repositoryOf, type State, type StoredManifest, withRepository } from './state.js'

const empty = Buffer.alloc(0)

/** GET, HEAD and DELETE of a manifest. */
export function manifestAnswer(state: State, { name, last }: Endpoint, request: Request): Expected {
  const reference = decoded(last)
  if (reference.includes(':') && !isDigest(reference)) return refused(state, 400, 'DIGEST_INVALID')
  const { exists, manifests, tags } = repositoryOf(state, name)
  const digest = tags.get(reference) ?? reference
  const manifest = manifests.get(digest)
  if (!manifest) return refused(state, 404, exists || !(isTag(reference) || isDigest(reference)) ? 'MANIFEST_UNKNOWN' : 'NAME_UNKNOWN')
  if (request.method === 'DELETE') return answered(state, 202, {}, { next: () => without(state, name, reference) })
  const etag = `"${digest}"`
  const headers = { 'content-type': manifest.mediaType, 'docker-content-digest': digest, etag }
  if (isNamed(request.headers['if-none-match'], etag)) return answered(state, 304, headers)
  return answered(state, 200, { ...headers, 'content-length': String(manifest.bytes.length) }, { body: manifest.bytes })
}

/** A tag goes alone, a manifest with its tags. */
function without(state: State, name: string, reference: string): State {
  const { manifests, tags } = repositoryOf(state, name)
  return withRepository(state, name, {
    manifests: new Map([...manifests].filter(([digest]) => digest !== reference)),
    tags: new Map([...tags].filter(([tag, digest]) => tag !== reference && digest !== reference)),
  })
}

/** PUT of a manifest. */
export function pushAnswer(state: State, { name, last, query }: Endpoint, { headers, body = empty }: Request): Expected {
  const [reference, more] = [decoded(last), query.getAll('tag')]
  const isByDigest = reference.includes(':')
  if (isByDigest && !isDigest(reference)) return refused(state, 400, 'DIGEST_INVALID')
  if (!isByDigest && (!isTag(reference) || more.length > 0)) return refused(state, 400, 'TAG_INVALID')
  if (!more.every(isTag)) return refused(state, 400, 'TAG_INVALID')

  const { limits } = state
  if (body.length > limits.manifestBytes || more.length > limits.pushTags) return refused(state, 413, 'SIZE_INVALID')
  const facts = state.documents.get(body.toString('latin1')) ?? broken
  const mediaType = typeOf(facts, headers['content-type'])
  if (mediaType === undefined) return refused(state, 400, 'MANIFEST_INVALID')
  if (facts.descriptors > limits.manifestDescriptors) return refused(state, 413, 'SIZE_INVALID')
  const digest = digestOf(isByDigest ? algorithmOf(reference) : 'sha256', body)
  if (isByDigest && reference !== digest) return refused(state, 400, 'DIGEST_INVALID')
  const missing = [...new Set(facts.blobs)].filter((blob) => !repositoryOf(state, name).blobs.has(blob))
  const errors = missing.map((blob) => ({ code: 'MANIFEST_BLOB_UNKNOWN', names: [blob] }))
  if (missing.length > 0) return refused(state, 400, 'MANIFEST_BLOB_UNKNOWN', { errors })

  const tags = isByDigest ? more : [reference]
  const told = {
    location: `/v2/${name}/manifests/${digest}`,
    'docker-content-digest': digest,
    ...(isByDigest && more.length > 0 && { 'oci-tag': [...new Set(more)] }),
    ...(facts.subject !== undefined && { 'oci-subject': facts.subject }),
  }
  return answered(state, 201, told, { next: () => withManifest(state, name, digest, tags, { bytes: body, mediaType, facts }) })
}

function withManifest(state: State, name: string, digest: string, tags: readonly string[], manifest: StoredManifest): State {
  const repository = repositoryOf(state, name)
  return withRepository(state, name, {
    exists: true,
    // One that is there stays as it is, also when it is pushed with another media type that fits.
    manifests: new Map([...repository.manifests, [digest, repository.manifests.get(digest) ?? manifest]]),
    tags: new Map([...repository.tags, ...tags.map((tag) => [tag, digest] as const)]),
  })
}
