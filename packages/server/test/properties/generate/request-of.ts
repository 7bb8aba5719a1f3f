import type { Link, Request } from '../model/exchange.js'
import { digestOf } from '../model/grammar.js'
import type { State } from '../model/state.js'
import type { DigestText, LastText, NameText, ReferenceText, Step } from './steps.js'
import { chosenDigest, type World } from './world.js'
import { documentTypes } from './write-document.js'

/** What a step is seen against. */
export interface Scene {
  readonly world: World
  readonly state: State
  /** The session of each slot. */
  readonly slots: ReadonlyMap<number, string>
  /** What the last list led to. */
  readonly link: Link | undefined
}

type Part<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>
type Draft = Partial<Request> & Pick<Request, 'method' | 'path'>

/** The request of a step. */
export function requestOf(step: Step, scene: Scene): Request {
  const draft = drafted(step, scene)
  const body = draft.body
  const headers = { ...extraHeaders[step.extra], ...draft.headers, ...(step.expects && body && { expect: '100-continue' }) }
  const path = step.extra === 'ns' ? `${draft.path}${draft.path.includes('?') ? '&' : '?'}ns=docker.io` : draft.path
  return { method: draft.method, path, headers, body, chunked: step.chunked && body !== undefined }
}

const extraHeaders: Readonly<Record<Step['extra'], Readonly<Record<string, string>>>> = {
  nothing: {},
  ns: {},
  accept: { accept: 'application/vnd.docker.distribution.manifest.v2+json;q=0.5, text/html' },
  forwarded: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'gopher', forwarded: 'host=evil.example', origin: 'https://evil.example' },
  gzip: { 'accept-encoding': 'gzip, br;q=1.0' },
  range: { range: 'bytes=1-2' },
}

function drafted(step: Step, scene: Scene): Draft {
  switch (step.kind) {
    case 'start':
      return startDraft(step, scene)
    case 'session':
      return sessionDraft(step, scene)
    case 'blob':
      return blobDraft(step, scene)
    case 'manifest': {
      const reference = referenceOf(step.reference, scene)
      const path = `/v2/${nameOf(step.name, scene)}/manifests/${inPath(reference, step.encoded)}`
      return { method: step.method, path, headers: noneMatchOf(step.noneMatch, reference) }
    }
    case 'push':
      return pushDraft(step, scene)
    case 'tags':
      return { method: step.method, path: `/v2/${nameOf(step.name, scene)}/tags/list${queryOf({ n: step.n, last: lastOf(step.last, scene) })}` }
    case 'catalog':
      return { method: step.method, path: `/v2/_catalog${queryOf({ n: step.n, last: behindOthers(lastOf(step.last, scene), scene) })}` }
    case 'referrers': {
      const query = queryOf({ artifactType: step.artifactType, last: step.last === undefined ? undefined : digestText(step.last, scene) })
      return { method: step.method, path: `/v2/${nameOf(step.name, scene)}/referrers/${inPath(digestText(step.digest, scene), step.encoded)}${query}` }
    }
    case 'odd':
      return { method: step.method, path: /^(?:\/|http:)/.test(step.path) ? step.path : `/v2/${nameOf(step.name, scene)}/${step.path}` }
    case 'follow':
      return { method: 'GET', path: scene.link ? `${scene.link.path}${queryOf(scene.link.query)}` : '/v2/' }
  }
}

function startDraft(step: Part<'start'>, scene: Scene): Draft {
  const digest = (choice: DigestText | undefined): string | undefined => (choice === undefined ? undefined : digestText(choice, scene))
  const query = queryOf({
    digest: digest(step.digest),
    mount: digest(step.mount),
    from: step.from === undefined ? undefined : nameOf(step.from, scene),
    'digest-algorithm': step.algorithm,
  })
  return {
    method: 'POST',
    path: `/v2/${nameOf(step.name, scene)}/blobs/uploads${step.slash ? '/' : ''}${query}`,
    body: step.body === undefined ? undefined : scene.world.blobs[step.body],
  }
}

/** The blobs that the sessions of the slots are for. */
const blobsOfSlots = [3, 4, 1, 5]

function sessionDraft(step: Part<'session'>, scene: Scene): Draft {
  const { method } = step
  const [slot, id] = sessionInUse(step.slot, scene)
  const session = scene.state.sessions.get(id)
  const target = scene.world.blobs[step.blob ?? blobsOfSlots[slot]!]!
  const offset = session?.bytes.length ?? 0
  const hasBody = method === 'PATCH' || method === 'PUT'
  const left = target.subarray(offset, step.bytes === undefined ? undefined : offset + step.bytes)
  const body = hasBody && !(method === 'PUT' && left.length === 0) ? left : undefined
  const digest = step.digest === undefined ? digestOf(step.algorithm, target) : digestText(step.digest, scene)
  const name = step.name === undefined ? (session?.repository ?? scene.world.repositories[0]!) : nameOf(step.name, scene)
  const query = method === 'PUT' ? closingQuery(step, digest) : step.more === 'before' ? '?x=1' : ''
  return {
    method,
    path: `/v2/${name}/blobs/uploads/${id}${query}`,
    headers: hasBody ? placeHeader(step.place, offset, body?.length ?? 0) : {},
    body,
  }
}

/** That of the slot, or the last that was begun, or one that nobody gave. */
function sessionInUse(slot: number, { slots }: Scene): readonly [slot: number, id: string] {
  const id = slots.get(slot)
  return id === undefined ? ([...slots].at(-1) ?? [slot, String(slot).repeat(32)]) : [slot, id]
}

function closingQuery({ more, encoded }: Part<'session'>, digest: string): string {
  const text = encoded ? encodeURIComponent(digest) : digest.replace(/[\n ]/g, encodeURIComponent)
  const forms = {
    nothing: `?digest=${text}`,
    before: `?_state=x&digest=${text}`,
    behind: `?digest=${text}&_state=%`,
    twice: `?digest=${text}&digest=sha256:`,
    'no digest': '?_state=x',
  }
  return forms[more]
}

function placeHeader(place: Part<'session'>['place'], offset: number, length: number): Record<string, string> {
  if (place === undefined) return {}
  if (typeof place === 'object') return { 'content-range': place.text }
  const end = offset + length - 1
  if (end < offset) return {}
  const texts = {
    right: `${offset}-${end}`,
    'with unit': `bytes ${offset}-${end}/${end + 1}`,
    'too early': `${Math.max(0, offset - 1)}-${Math.max(0, end - 1)}`,
    'too late': `${offset + 2}-${end + 2}`,
    'too long': `${offset}-${end + 3}`,
  }
  return { 'content-range': texts[place] }
}

function blobDraft(step: Part<'blob'>, scene: Scene): Draft {
  const digest = digestText(step.digest, scene)
  const ifRange = step.ifRange && { 'if-range': step.ifRange === 'same' ? `"${digest}"` : '"other"' }
  return {
    method: step.method,
    path: `/v2/${nameOf(step.name, scene)}/blobs/${inPath(digest, step.encoded)}`,
    headers: { ...(step.range !== undefined && { range: step.range }), ...noneMatchOf(step.noneMatch, digest), ...(/[^!-~]/.test(digest) ? {} : ifRange) },
  }
}

function pushDraft(step: Part<'push'>, scene: Scene): Draft {
  const { documents, blobs, repositories } = scene.world
  const document = documents[step.document % documents.length]!
  const body = step.blob === undefined ? document.bytes : blobs[step.blob]!
  const reference = step.reference === undefined ? digestOf(step.algorithm, body) : referenceOf(step.reference, scene)
  const name = typeof step.name === 'number' ? repositories[step.name]! : step.name
  const query = step.tags.map((tag) => `tag=${encodeURIComponent(tag)}`).join('&')
  return {
    method: 'PUT',
    path: `/v2/${name}/manifests/${inPath(reference, step.encoded)}${query === '' ? '' : `?${query}`}`,
    headers: step.type === 'none' ? {} : { 'content-type': typeText(step.type, document.type) },
    body,
  }
}

function typeText(type: string | undefined, fitting: string): string {
  if (type === undefined) return fitting
  if (type === 'parameters') return `${fitting} ; charset=utf-8`
  if (type === 'capitals') return fitting.toUpperCase()
  return Object.hasOwn(documentTypes, type) ? documentTypes[type as keyof typeof documentTypes] : type
}

function nameOf(name: NameText, { world }: Scene): string {
  return typeof name === 'number' ? world.repositories[name]! : name
}

function digestText(digest: DigestText, { world }: Scene): string {
  return typeof digest === 'string' ? digest : chosenDigest(world, digest)
}

function referenceOf(reference: ReferenceText, scene: Scene): string {
  return 'tag' in reference ? reference.tag : digestText(reference.digest, scene)
}

function lastOf(last: LastText | undefined, { world }: Scene): string | undefined {
  return typeof last === 'object' ? world.repositories[last.name] : last
}

/** Repositories of other runs sort before those of this one: what is asked for begins behind them. */
function behindOthers(last: string | undefined, { world }: Scene): string {
  return last !== undefined && last >= world.prefix ? last : world.prefix
}

/** As it stands in a path: what would be another path, or no HTTP, is always encoded. */
function inPath(text: string, encoded: boolean): string {
  return encoded ? encodeURIComponent(text) : text.replace(/[^!-~]|[/?#]|%$/g, encodeURIComponent)
}

function queryOf(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encoded(value)}`]))
  return given.length === 0 ? '' : `?${given.join('&')}`
}

/** Half a pair of surrogates cannot be encoded. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

function noneMatchOf(noneMatch: 'same' | 'other' | 'any' | undefined, digest: string): Record<string, string> {
  if (noneMatch === undefined || /[^!-~]/.test(digest)) return {}
  return { 'if-none-match': { same: `"other", "${digest}"`, other: '"other"', any: '*' }[noneMatch] }
}
