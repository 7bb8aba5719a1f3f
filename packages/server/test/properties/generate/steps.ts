import fc from 'fast-check'
import type { Algorithm } from '../model/grammar.js'
import { anyLast, badDigest, badName, badTag, count } from './odd-texts.js'
import type { DigestChoice } from './world.js'

/** A digest of the world, or a text that is none. */
export type DigestText = DigestChoice | string
/** A repository of the world, or a text that is no name. */
export type NameText = number | string
/** A tag, a name that may be none, or a repository of the world. */
export type LastText = string | { readonly name: number }
export type ReferenceText = { readonly tag: string } | { readonly digest: DigestText }

interface UploadStart {
  readonly kind: 'start'
  readonly name: NameText
  readonly slash: boolean
  readonly slot: number
  readonly digest: DigestText | undefined
  readonly mount: DigestText | undefined
  readonly from: NameText | undefined
  readonly algorithm: string | undefined
  /** A blob of the world. */
  readonly body: number | undefined
}

interface SessionStep {
  readonly kind: 'session'
  readonly method: 'GET' | 'PATCH' | 'PUT' | 'DELETE'
  readonly slot: number
  /** Of another repository than the session's. */
  readonly name: NameText | undefined
  /** The blob whose next bytes are sent: `undefined`: that of the slot. */
  readonly blob: number | undefined
  /** How many: `undefined`: all that are left. */
  readonly bytes: number | undefined
  /** What `Content-Range` says; `undefined`: nothing. */
  readonly place: 'right' | 'with unit' | 'too early' | 'too late' | 'too long' | { readonly text: string } | undefined
  /** `undefined`: that of the blob. */
  readonly digest: DigestText | undefined
  readonly algorithm: Algorithm
  readonly more: 'nothing' | 'before' | 'behind' | 'twice' | 'no digest'
}

interface BlobStep {
  readonly kind: 'blob'
  readonly method: 'GET' | 'HEAD' | 'DELETE'
  readonly name: NameText
  readonly digest: DigestText
  readonly range: string | undefined
  readonly noneMatch: 'same' | 'other' | 'any' | undefined
  readonly ifRange: 'same' | 'other' | undefined
}

interface ManifestStep {
  readonly kind: 'manifest'
  readonly method: 'GET' | 'HEAD' | 'DELETE'
  readonly name: NameText
  readonly reference: ReferenceText
  readonly noneMatch: 'same' | 'other' | 'any' | undefined
}

interface PushStep {
  readonly kind: 'push'
  readonly name: NameText
  readonly document: number
  /** `undefined`: its own digest. */
  readonly reference: ReferenceText | undefined
  readonly algorithm: Algorithm
  /** `undefined`: what fits. */
  readonly type: string | undefined
  readonly tags: readonly string[]
  /** Bytes of a blob in place of the document. */
  readonly blob: number | undefined
}

interface ListStep {
  readonly kind: 'tags' | 'catalog'
  readonly method: 'GET' | 'HEAD'
  readonly name: NameText
  readonly n: string | undefined
  readonly last: LastText | undefined
}

interface ReferrersStep {
  readonly kind: 'referrers'
  readonly method: 'GET' | 'HEAD'
  readonly name: NameText
  readonly digest: DigestText
  readonly artifactType: string | undefined
  readonly last: DigestText | undefined
}

interface OddStep {
  readonly kind: 'odd'
  readonly method: string
  readonly name: NameText
  /** Behind the name, or the whole path where it begins with a slash. */
  readonly path: string
}

/** The page that the last list led to. */
interface FollowStep {
  readonly kind: 'follow'
}

/** What any request may have. */
interface Manner {
  readonly chunked: boolean
  readonly expects: boolean
  readonly encoded: boolean
  readonly extra: 'nothing' | 'ns' | 'accept' | 'forwarded' | 'gzip' | 'range'
}

export type Subject = UploadStart | SessionStep | BlobStep | ManifestStep | PushStep | ListStep | ReferrersStep | OddStep | FollowStep
export type Step = Subject & Manner

export const tags = ['v1', 'V1', 'latest', '_x', '1.0'] as const

const mostly = <Value>(usual: fc.Arbitrary<Value>, odd: fc.Arbitrary<Value>, weight = 15): fc.Arbitrary<Value> =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd })
const rarely = <Value>(arbitrary: fc.Arbitrary<Value>, freq = 3): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: freq, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

// Values at both ends are drawn more often than those between.
const algorithm = fc.constantFrom<Algorithm[]>('sha256', 'sha256', 'sha256', 'sha256', 'sha512', 'sha256', 'sha256', 'sha256', 'sha256')
const repository = fc.constantFrom(0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0)
const name: fc.Arbitrary<NameText> = mostly<NameText>(repository, badName, 30)
const blob = fc.nat(5)
const slot = fc.constantFrom(0, 0, 1, 1, 2, 3)
const tag = fc.constantFrom(...tags)
const ofBlob = fc.record({ of: fc.constant('blob' as const), n: blob, algorithm })
const ofDocument = fc.record({ of: fc.constant('document' as const), n: blob, algorithm })
const anyDigest = fc.record({ of: fc.constantFrom('blob' as const, 'document' as const, 'nothing' as const), n: blob, algorithm })
const digestLike = (usual: fc.Arbitrary<DigestChoice>): fc.Arbitrary<DigestText> =>
  fc.oneof({ weight: 20, arbitrary: usual }, { weight: 2, arbitrary: anyDigest }, { weight: 1, arbitrary: badDigest })
const reference: fc.Arbitrary<ReferenceText> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ tag }) },
  { weight: 8, arbitrary: fc.record({ digest: digestLike(ofDocument) }) },
  { weight: 1, arbitrary: fc.record({ tag: badTag }) },
)

/** A session for the first repository. */
export const plainStart: UploadStart = {
  ...{ kind: 'start', name: 0, slash: true, slot: 0 },
  ...{ digest: undefined, mount: undefined, from: undefined, algorithm: undefined, body: undefined },
}

/** A whole blob in one request. */
export function wholeBlob(name: number, n: number, algorithm: Algorithm): UploadStart {
  return { ...plainStart, name, digest: { of: 'blob', n, algorithm }, body: n }
}

const pushBlob = fc.tuple(repository, blob, algorithm).map(([name, n, algorithm]) => wholeBlob(name, n, algorithm))
const newSession = fc.tuple(name, slot).map(([name, slot]) => ({ ...plainStart, name, slot }))

const start: fc.Arbitrary<UploadStart> = fc.record({
  kind: fc.constant('start' as const),
  name,
  slash: fc.boolean(),
  slot,
  digest: rarely(digestLike(ofBlob), 6),
  mount: rarely(digestLike(ofBlob), 1),
  from: rarely(mostly<NameText>(repository, badName), 1),
  algorithm: rarely(fc.constantFrom('sha512', 'sha256', 'md5', '', 'constructor'), 8),
  body: rarely(blob),
})

/** The next bytes of a session, without their place. */
export const nextBytes: SessionStep = {
  ...{ kind: 'session', method: 'PATCH', slot: 0, name: undefined, blob: undefined, bytes: 10 },
  ...{ place: undefined, digest: undefined, algorithm: 'sha256', more: 'nothing' },
}

const place = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 6, arbitrary: fc.constant('right' as const) },
  { weight: 6, arbitrary: fc.constantFrom('with unit' as const, 'too early' as const, 'too late' as const, 'too long' as const) },
  { weight: 2, arbitrary: fc.constantFrom('', '-', '5-', '-5', '9-0', 'a-b', 'bytes', '0-9,20-29', '1e3-1e4', '0-99999999999999999999', 'bytes=0-9', '0-9/10', 'bytes 0-9/*').map((text) => ({ text })) },
)

const session: fc.Arbitrary<SessionStep> = fc.record({
  kind: fc.constant('session' as const),
  method: fc.constantFrom('PATCH' as const, 'PATCH' as const, 'GET' as const, 'DELETE' as const, 'PUT' as const, 'PUT' as const),
  slot,
  name: rarely(name, 15),
  blob: rarely(blob, 10),
  bytes: fc.constantFrom(undefined, undefined, undefined, undefined, 0, 1, 7, 10, 1000),
  place,
  digest: rarely(digestLike(ofBlob), 6),
  algorithm,
  more: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'before', 'behind', 'twice', 'no digest'),
})

const range = fc.oneof(
  fc.tuple(fc.nat(30), fc.nat(30)).map(([first, last]) => `bytes=${first}-${last}`),
  fc.nat(30).map((first) => `bytes=${first}-`),
  fc.nat(30).map((length) => `bytes=-${length}`),
  fc.constantFrom('bytes=0-', 'bytes=0-99999999999999999999', 'bytes=99999999999999999999-', 'bytes=-99999', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=-', 'bytes=a-b', 'bytes', ''),
)
const noneMatch = rarely(fc.constantFrom('same' as const, 'other' as const, 'any' as const), 6)

const blobs: fc.Arbitrary<BlobStep> = fc.record({
  kind: fc.constant('blob' as const),
  method: fc.constantFrom('GET' as const, 'GET' as const, 'HEAD' as const, 'DELETE' as const, 'GET' as const),
  name,
  digest: digestLike(ofBlob),
  range: rarely(range, 1),
  noneMatch,
  ifRange: rarely(fc.constantFrom('same' as const, 'other' as const), 4),
})

const manifests: fc.Arbitrary<ManifestStep> = fc.record({
  kind: fc.constant('manifest' as const),
  method: fc.constantFrom('GET' as const, 'GET' as const, 'HEAD' as const, 'DELETE' as const),
  name,
  reference,
  noneMatch,
})

const oddTypes = ['', 'text/plain', 'application/octet-stream', 'application/vnd.docker.distribution.manifest.v1+prettyjws', 'constructor', ';', 'a'.repeat(300)]

export const push: fc.Arbitrary<PushStep> = fc.record({
  kind: fc.constant('push' as const),
  name,
  document: fc.nat(5),
  reference: rarely(reference, 1),
  algorithm,
  type: rarely(fc.constantFrom('image', 'docker image', 'index', 'docker index', 'parameters', 'capitals', 'none', ...oddTypes), 4),
  tags: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(mostly<string>(tag, badTag, 60), { maxLength: 5, size: 'max' }) }),
  blob: rarely(blob, 30),
})

const lists: fc.Arbitrary<ListStep> = fc.record({
  kind: fc.constantFrom('tags' as const, 'catalog' as const),
  method: fc.constantFrom('GET' as const, 'GET' as const, 'GET' as const, 'HEAD' as const),
  name,
  n: rarely(count, 1),
  last: rarely(fc.oneof<fc.Arbitrary<LastText>[]>(tag, anyLast, fc.record({ name: fc.nat(2) })), 2),
})

/** What many documents have as their subject. */
const subjectDigest: fc.Arbitrary<DigestText> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 1, 0).map((n) => ({ of: 'document' as const, n, algorithm: 'sha256' as const })) },
  { weight: 8, arbitrary: fc.constant({ of: 'nothing' as const, n: 0, algorithm: 'sha256' as const }) },
  { weight: 3, arbitrary: digestLike(ofDocument) },
)

const referrers: fc.Arbitrary<ReferrersStep> = fc.record({
  kind: fc.constant('referrers' as const),
  method: fc.constantFrom('GET' as const, 'GET' as const, 'GET' as const, 'HEAD' as const),
  name,
  digest: subjectDigest,
  artifactType: rarely(fc.constantFrom('application/vnd.example.sbom', 'application/vnd.example.signature', 'application/vnd.example.config', '', 'x y&z'), 2),
  last: rarely(digestLike(ofDocument), 9),
})

const odd: fc.Arbitrary<OddStep> = fc.record({
  kind: fc.constant('odd' as const),
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'MKCOL', 'REPORT'),
  name,
  path: fc.constantFrom(
    ...['/nothing', '/v1/searches', '/v2', '/v2/', '/v2//', '/v2/_catalog?last=~', '/v2/_catalog/', '/V2/', '/v2/?x', '/v2/%', 'http://other.example/v2/', '/v2/tags/list', '/v2/blobs/uploads/'],
    ...['tags/list', 'tags/list/', 'tags', 'manifests/v1', 'manifests/', 'blobs/', 'blobs/uploads', 'blobs/uploads/', 'blobs/uploads/x', 'referrers/', ''],
  ),
})

const subject: fc.Arbitrary<Subject> = fc.oneof(
  { weight: 4, arbitrary: pushBlob },
  { weight: 5, arbitrary: start },
  { weight: 5, arbitrary: newSession },
  { weight: 18, arbitrary: session },
  { weight: 12, arbitrary: blobs },
  { weight: 14, arbitrary: push },
  { weight: 10, arbitrary: manifests },
  { weight: 8, arbitrary: lists },
  { weight: 8, arbitrary: referrers },
  { weight: 3, arbitrary: odd },
  { weight: 3, arbitrary: fc.constant({ kind: 'follow' as const }) },
)

/** How most requests are sent. */
export const ordinary: Manner = { chunked: false, expects: false, encoded: false, extra: 'nothing' }

const manner: fc.Arbitrary<Manner> = fc.record({
  chunked: fc.constantFrom(false, false, true),
  expects: fc.constantFrom(false, false, false, false, false, true),
  encoded: fc.boolean(),
  extra: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'ns', 'accept', 'forwarded', 'gzip', 'range'),
})

export const inManner = <Kind extends Subject>(arbitrary: fc.Arbitrary<Kind>): fc.Arbitrary<Kind & Manner> =>
  fc.tuple(arbitrary, manner).map(([step, how]) => ({ ...step, ...how }))

export const step: fc.Arbitrary<Step> = inManner(subject)
