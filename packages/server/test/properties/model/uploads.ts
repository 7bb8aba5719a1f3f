import type { Endpoint } from './endpoint.js'
import type { Answer, Expected, Request } from './exchange.js'
import { algorithmOf, digestOf, isDigest, isName } from './grammar.js'
import { answered, refused } from './replies.js'
import { repositoryOf, type Session, type State, withBlob, withSession } from './state.js'

const empty = Buffer.alloc(0)

/** POST: a session, a whole blob, or a mount. */
export function startAnswer(state: State, { name, query }: Endpoint, { body = empty }: Request): Expected {
  const [digest, mount, from, algorithm] = ['digest', 'mount', 'from', 'digest-algorithm'].map((key) => query.get(key))
  if (isMalformed(digest) || isMalformed(mount)) return refused(state, 400, 'DIGEST_INVALID')
  if (algorithm && !['sha256', 'sha512'].includes(algorithm)) return refused(state, 400, 'DIGEST_INVALID')
  if (algorithm === '') return refused(state, 400, 'DIGEST_INVALID')
  if (mount && isMountable(state, mount, from)) return created(state, name, mount, state.contents.get(mount) ?? empty)
  if (!digest) return { ...answered(state, 202, { range: '0-0' }), newSession: name, next: (answer) => started(state, name, answer) }
  return digestOf(algorithmOf(digest), body) === digest ? created(state, name, digest, body) : refused(state, 400, 'DIGEST_INVALID')
}

function isMalformed(digest: string | null | undefined): boolean {
  return typeof digest === 'string' && !isDigest(digest)
}

function isMountable(state: State, digest: string, from: string | null | undefined): boolean {
  if (typeof from === 'string') return isName(from) && repositoryOf(state, from).blobs.has(digest)
  // Wherever it is: the bytes of a blob that everybody deleted are there until they are collected.
  return state.contents.has(digest)
}

function created(state: State, name: string, digest: string, bytes: Buffer): Expected {
  const headers = { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest }
  return answered(state, 201, headers, { next: () => withBlob(state, name, digest, bytes) })
}

/** The id is the server's to choose. */
export function sessionOf({ headers }: Answer): string {
  return headers['location']?.[0]?.split('/').at(-1) ?? ''
}

function started(state: State, name: string, answer: Answer): State {
  return withSession(state, sessionOf(answer), { repository: name, bytes: empty })
}

/** GET, PATCH, PUT and DELETE of a session. */
export function sessionAnswer(state: State, { name, last: id, query }: Endpoint, request: Request): Expected {
  const digest = query.get('digest') ?? ''
  if (request.method === 'PUT' && !isDigest(digest)) return refused(state, 400, 'DIGEST_INVALID')
  const known = state.sessions.get(id)
  const session = known?.repository === name ? known : undefined
  const writes = request.method === 'PUT' || request.method === 'PATCH'
  const fault = writes ? placeFault(state, id, session, request) : undefined
  if (fault) return fault
  if (!session) return refused(state, 404, 'BLOB_UPLOAD_UNKNOWN')
  if (request.method === 'GET') return answered(state, 204, standing(id, session))
  if (request.method === 'DELETE') return answered(state, 204, {}, { next: () => withSession(state, id, undefined) })
  const bytes = Buffer.concat([session.bytes, request.body ?? empty])
  if (request.method === 'PUT') {
    if (digestOf(algorithmOf(digest), bytes) !== digest) return refused(state, 400, 'DIGEST_INVALID')
    return created(withSession(state, id, undefined), name, digest, bytes)
  }
  const longer = { repository: name, bytes }
  return answered(state, 202, standing(id, longer), { next: () => withSession(state, id, longer) })
}

/** What is wrong with the place that a chunk says it has. */
function placeFault(state: State, id: string, session: Session | undefined, { headers, body = empty, chunked }: Request): Expected | undefined {
  const header = headers['content-range']
  if (header === undefined) return undefined
  const outOfPlace = session && refused(state, 416, 'BLOB_UPLOAD_INVALID', { headers: standing(id, session) })
  // Larger numbers are no places.
  const [, first, last] = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|[*]))?$/.exec(header) ?? []
  if (first === undefined || last === undefined || Number(last) < Number(first)) return outOfPlace
  const wrongSize = body.length !== Number(last) - Number(first) + 1 ? refused(state, 400, 'SIZE_INVALID') : undefined
  // What the headers alone tell is seen before anything is looked up.
  if (wrongSize && !chunked) return wrongSize
  return session && (Number(first) === session.bytes.length ? wrongSize : outOfPlace)
}

/** Where a session stands. */
function standing(id: string, { repository, bytes }: Session): Readonly<Record<string, string>> {
  return { location: `/v2/${repository}/blobs/uploads/${id}`, range: `0-${Math.max(0, bytes.length - 1)}` }
}
