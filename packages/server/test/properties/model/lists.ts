import type { Endpoint } from './endpoint.js'
import type { Expected } from './exchange.js'
import { decoded, inOrder, isDigest } from './grammar.js'
import { answered, refused } from './replies.js'
import { repositoryOf, type State } from './state.js'

const json = { 'content-type': 'application/json' }
const indexType = 'application/vnd.oci.image.index.v1+json'

export function catalogAnswer(state: State, { query }: Endpoint): Expected {
  const names = [...state.repositories].filter(([, { exists }]) => exists).map(([name]) => name)
  const page = pageOf(state, names, query, '/v2/_catalog')
  if (!page) return refused(state, 400, 'PAGINATION_NUMBER_INVALID')
  return answered(state, 200, json, { body: { json: { repositories: page.entries } }, link: page.link })
}

export function tagsAnswer(state: State, { name, query }: Endpoint): Expected {
  const { exists, tags } = repositoryOf(state, name)
  const page = pageOf(state, [...tags.keys()], query, `/v2/${name}/tags/list`)
  if (!page) return refused(state, 400, 'PAGINATION_NUMBER_INVALID')
  if (!exists) return refused(state, 404, 'NAME_UNKNOWN')
  return answered(state, 200, json, { body: { json: { name, tags: page.entries } }, link: page.link })
}

interface Page {
  readonly entries: readonly string[]
  readonly link: Expected['link']
}

/** `undefined` where `n` is no number. */
function pageOf({ limits }: State, all: readonly string[], query: URLSearchParams, path: string): Page | undefined {
  const n = query.get('n') ?? String(limits.pageEntries)
  if (!/^\d+$/.test(n)) return undefined
  const size = Math.min(Number(n), limits.pageEntries)
  const behind = inOrder(all).filter((entry) => entry > (query.get('last') ?? ''))
  const entries = behind.slice(0, size)
  const last = entries.at(-1)
  return { entries, link: last !== undefined && behind.length > size ? { path, query: { n: String(size), last } } : undefined }
}

/** What refers to a manifest, which need not be there. */
export function referrersAnswer(state: State, { name, last, query }: Endpoint): Expected {
  const [subject, after, type] = [decoded(last), query.get('last'), query.get('artifactType')]
  if (!isDigest(subject) || (after !== null && !isDigest(after))) return refused(state, 400, 'DIGEST_INVALID')
  const { manifests } = repositoryOf(state, name)
  const descriptors: object[] = []
  let [room, link]: [number, Expected['link']] = [state.limits.referrersBytes, undefined]
  let end = ''
  for (const digest of inOrder(manifests.keys())) {
    const { facts, mediaType, bytes } = manifests.get(digest)!
    const { artifactType, annotations } = facts
    if (facts.subject !== subject || digest <= (after ?? '') || (type !== null && type !== artifactType)) continue
    const descriptor = { mediaType, digest, size: bytes.length, ...(artifactType !== undefined && { artifactType }), ...((annotations ?? undefined) !== undefined && { annotations }) }
    room -= Buffer.byteLength(JSON.stringify(descriptor)) + 1
    if (room < 0 && descriptors.length > 0) {
      link = { path: `/v2/${name}/referrers/${subject}`, query: { last: end, ...(type !== null && { artifactType: type }) } }
      break
    }
    descriptors.push(descriptor)
    end = digest
  }
  const headers = { 'content-type': indexType, ...(type !== null && { 'oci-filters-applied': 'artifactType' }) }
  return answered(state, 200, headers, { body: { json: { schemaVersion: 2, mediaType: indexType, manifests: descriptors } }, link })
}
