import type { DocumentFacts } from './document.js'

/** What the server under test is limited to. */
export interface Limits {
  readonly pageEntries: number
  readonly referrersBytes: number
  readonly manifestBytes: number
  readonly manifestDescriptors: number
  readonly pushTags: number
}

export interface StoredManifest {
  readonly bytes: Buffer
  readonly mediaType: string
  readonly facts: DocumentFacts
}

export interface Repository {
  /** From the first manifest on. */
  readonly exists: boolean
  readonly blobs: ReadonlySet<string>
  readonly manifests: ReadonlyMap<string, StoredManifest>
  readonly tags: ReadonlyMap<string, string>
}

export interface Session {
  readonly repository: string
  readonly bytes: Buffer
}

/** All that a registry holds, and what is known of the documents that are pushed to it. */
export interface State {
  readonly limits: Limits
  /** By their bytes in latin1. Other bytes are no manifests. */
  readonly documents: ReadonlyMap<string, DocumentFacts>
  readonly repositories: ReadonlyMap<string, Repository>
  /** The bytes of every blob that ever was. */
  readonly contents: ReadonlyMap<string, Buffer>
  readonly sessions: ReadonlyMap<string, Session>
}

const nothing: Repository = { exists: false, blobs: new Set(), manifests: new Map(), tags: new Map() }

export function emptyState(limits: Limits): State {
  return { limits, documents: new Map(), repositories: new Map(), contents: new Map(), sessions: new Map() }
}

export function repositoryOf(state: State, name: string): Repository {
  return state.repositories.get(name) ?? nothing
}

export function withRepository(state: State, name: string, change: Partial<Repository>): State {
  const repository = { ...repositoryOf(state, name), ...change }
  return { ...state, repositories: new Map([...state.repositories, [name, repository]]) }
}

export function withBlob(state: State, name: string, digest: string, bytes: Buffer): State {
  const blobs = new Set([...repositoryOf(state, name).blobs, digest])
  return withRepository({ ...state, contents: new Map([...state.contents, [digest, bytes]]) }, name, { blobs })
}

/** With the session as it is now; `undefined`: it has ended. */
export function withSession(state: State, id: string, session: Session | undefined): State {
  const others = [...state.sessions].filter(([other]) => other !== id)
  return { ...state, sessions: new Map(session ? [...others, [id, session]] : others) }
}
