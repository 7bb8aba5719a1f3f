import type { Book } from './book.js'
import { digestOf } from './content.js'
import { absent, present } from './ledger.js'
import { type Answer, headerOf, type Send, shown } from './send.js'
import { parseThing, type Thing, thing } from './things.js'

export interface VerifyOptions {
  /** Whether sessions may be gone or have fewer bytes than was answered, as after a power loss. */
  readonly sessionsMayFallBack: boolean
  /** Whether blobs may be gone that no manifest explains, as after a loss of the index. */
  readonly blobsMayBeGone?: boolean
}

/** What a registry shows, by thing. */
export type Observed = ReadonlyMap<string, string>

/**
 * Looks at everything that the book tells of, and throws where the registry shows something that no answer allows.
 * A manifest that is there has to have its blobs, and bytes have to have their digest.
 */
export async function verify(book: Book, send: Send, { sessionsMayFallBack, blobsMayBeGone = false }: VerifyOptions): Promise<Observed> {
  const observed = new Map<string, string>()
  const repositories = new Set<string>()
  for (const name of book.ledger.things) {
    const state = observed.get(name) ?? (await stateOf(book, send, parseThing(name), observed))
    const possible = book.ledger.possible(name)
    if (!isPossible(name, state, possible, sessionsMayFallBack) && !(blobsMayBeGone && name.startsWith('blob ') && state === absent)) {
      throw new Error(`${name}: expected ${[...possible].join(' or ')}, as it was answered; got ${state}`)
    }
    observed.set(name, state)
    repositories.add(parseThing(name).repository)
  }
  for (const repository of repositories) await verifyTags(send, repository, observed)
  verifyTargets(observed)
  if (!sessionsMayFallBack) verifyClosings(book, observed)
  return observed
}

/** A tag never leads to what is not there. */
function verifyTargets(observed: Observed): void {
  for (const [name, state] of observed) {
    const { kind, repository } = parseThing(name)
    if (kind !== 'tag' || state === absent) continue
    const found = observed.get(thing('manifest', repository, state))
    if (found !== present) throw new Error(`${name}: expected what it leads to, ${state}, to be readable by that digest, got ${String(found)}`)
  }
}

/** A session that was to become a blob is there, or its blob. */
function verifyClosings({ ledger }: Book, observed: Observed): void {
  for (const effects of ledger.underway()) {
    const [session, blob] = ['session ', 'blob '].map((kind) => effects.find((effect) => effect.thing.startsWith(kind)))
    if (session?.state !== absent || !blob || observed.get(session.thing) !== absent || observed.get(blob.thing) === present) continue
    throw new Error(`${session.thing}: expected it or its blob, since the request that closes it was not answered; got neither`)
  }
}

/** A session has at least what was answered: the least that is possible. One that has ended stays ended. */
function isPossible(name: string, state: string, possible: ReadonlySet<string>, mayFallBack: boolean): boolean {
  if (possible.has(state)) return true
  const offsets = [...possible].filter((each) => each !== absent).map(Number)
  if (!name.startsWith('session ') || offsets.length === 0) return false
  return mayFallBack || (state !== absent && Number(state) >= Math.min(...offsets))
}

async function stateOf(book: Book, send: Send, { kind, repository, name }: Thing, seen: Map<string, string>): Promise<string> {
  switch (kind) {
    case 'blob': {
      const state = bytesOf(await send('GET', `/v2/${repository}/blobs/${name}`), thing(kind, repository, name), name)
      seen.set(thing(kind, repository, name), state)
      return state
    }
    case 'manifest': {
      const answer = await send('GET', `/v2/${repository}/manifests/${name}`)
      const state = bytesOf(answer, thing(kind, repository, name), name)
      if (state === present) await verifyManifest(book, send, { answer, repository, digest: name }, seen)
      return state
    }
    case 'tag': {
      const answer = await send('GET', `/v2/${repository}/manifests/${name}`)
      if (answer.status === 404) return absent
      const digest = digestOf(answer.body)
      bytesOf(answer, thing(kind, repository, name), digest)
      return digest
    }
    case 'session': {
      const answer = await send('GET', `/v2/${repository}/blobs/uploads/${name}`)
      if (answer.status === 404) return absent
      if (answer.status !== 204) throw new Error(`session ${repository} ${name}: expected 204 or 404, got ${shown(answer)}`)
      return String(offsetOf(answer))
    }
  }
}

/** How many bytes a session has. An empty one says `0-0`, as one of a single byte does. */
export function offsetOf(answer: Answer): number {
  const last = Number(headerOf(answer, 'range').split('-')[1])
  return last === 0 ? 0 : last + 1
}

function bytesOf(answer: Answer, what: string, digest: string): string {
  if (answer.status === 404) return absent
  if (answer.status !== 200) throw new Error(`${what}: expected 200 or 404, got ${shown(answer)}`)
  const [found, told] = [digestOf(answer.body), answer.headers['docker-content-digest']]
  if (found !== digest) throw new Error(`${what}: expected bytes with that digest, got ${answer.body.length} bytes with ${found}`)
  if (told !== digest) throw new Error(`${what}: expected Docker-Content-Digest ${digest}, got ${String(told)}`)
  return present
}

interface ReadManifest {
  readonly answer: Answer
  readonly repository: string
  readonly digest: string
}

/** @param seen - states of blobs, so that none is read twice */
async function verifyManifest(book: Book, send: Send, { answer, repository, digest }: ReadManifest, seen: Map<string, string>): Promise<void> {
  const { mediaType, blobs } = book.manifests.get(digest)!
  const told = answer.headers['content-type']
  if (told !== mediaType) throw new Error(`manifest ${repository} ${digest}: expected the media type ${mediaType}, got ${String(told)}`)
  for (const blob of blobs) {
    const name = thing('blob', repository, blob)
    const state = seen.get(name) ?? (await stateOf(book, send, parseThing(name), seen))
    if (state !== present) throw new Error(`${name} of the readable manifest ${digest}: expected it to be readable, got ${state}`)
  }
}

async function verifyTags(send: Send, repository: string, observed: Observed): Promise<void> {
  const beginning = `tag ${repository} `
  const readable = [...observed].filter(([name, state]) => name.startsWith(beginning) && state !== absent)
  const expected = readable.map(([name]) => name.slice(beginning.length))
  const answer = await send('GET', `/v2/${repository}/tags/list`)
  if (answer.status === 404 && expected.length === 0) return
  if (answer.status !== 200) throw new Error(`tags of ${repository}: expected 200, got ${shown(answer)}`)
  const { tags } = JSON.parse(answer.body.toString('utf8')) as { readonly tags: readonly string[] }
  if (tags.join() === expected.sort().join()) return
  throw new Error(`tags of ${repository}: expected the list to have those that can be read (${expected.join()}), got ${tags.join()}`)
}
