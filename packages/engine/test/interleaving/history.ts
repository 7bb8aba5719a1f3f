import { images } from './content.js'
import type { Entry, Ledger } from './ledger.js'
import type { HistoryEvent } from './linearizability.js'
import { type Operation, told } from './operations.js'
import {
  type RepositoryState,
  taggedManifest,
  withBlob,
  withManifest,
  withoutBlob,
  withoutManifest,
  withoutTag,
} from './repository-state.js'

type RepositoryEvent = HistoryEvent<RepositoryState>

/** What happened in one repository, as its clients were told. */
export function historyOf({ entries, collected }: Pick<Ledger, 'entries' | 'collected'>, repository: string): readonly RepositoryEvent[] {
  const own = entries.filter(({ operation }) => operation.repository === repository).map((entry) => eventOf(entry, entries))
  const mounts = entries.flatMap((entry) => (isMountFrom(entry.operation, repository) ? [sourceOf(entry, entry.operation)] : []))
  const drops = collected.map(
    ({ blob, began, ended }): RepositoryEvent => ({
      told: `collect ${blob}`,
      began,
      ended,
      apply: (state) => (isUsed(state, blob) ? undefined : withoutBlob(state, blob)),
    }),
  )
  return [...own, ...mounts, ...drops]
}

function isMountFrom(operation: Operation, repository: string): operation is Operation & { readonly kind: 'mount' } {
  return operation.kind === 'mount' && operation.from === repository
}

/** A mount says of its source that the blob is there, or is not. */
function sourceOf({ operation, began, ended, outcome }: Entry, { blob }: Operation & { readonly kind: 'mount' }): RepositoryEvent {
  const isThere = outcome.state === 'done'
  return { told: told(operation), began, ended, apply: (state) => (state.blobs.includes(blob) === isThere ? state : undefined) }
}

function eventOf({ operation, began, ended, outcome }: Entry, all: readonly Entry[]): RepositoryEvent {
  const result = outcome.state === 'done' ? (outcome.found ?? 'done') : outcome.state === 'refused' ? outcome.code : 'nobody knows'
  const event = {
    told: `${told(operation)} → ${result}`,
    began,
    ended,
    // Of two that delete a repository the slower is refused at the end, and has deleted things all the same.
    ...(operation.kind === 'delete repository' && { meanwhile: pieceByPiece }),
  }
  if (outcome.state === 'refused') {
    return { ...event, apply: (state) => (mayRefuse(state, operation, outcome.code, ended, all) ? state : undefined) }
  }
  return {
    ...event,
    apply: (state) => done(state, operation, outcome.state === 'done' ? outcome.found : undefined),
  }
}

/** What an operation makes of a repository, where it can be done. */
function done(state: RepositoryState, operation: Operation, found: string | undefined): RepositoryState | undefined {
  switch (operation.kind) {
    case 'push blob':
    case 'close':
    case 'mount':
      return withBlob(state, operation.blob)
    case 'push':
      return operation.image.blobs.every((blob) => state.blobs.includes(blob)) ? withManifest(state, operation.image, operation.tag) : undefined
    case 'delete tag':
      return taggedManifest(state, operation.tag) === undefined ? undefined : withoutTag(state, operation.tag)
    case 'delete manifest':
      return state.manifests.includes(operation.image.name) ? withoutManifest(state, operation.image.name) : undefined
    case 'delete blob':
      return state.blobs.includes(operation.blob) && !isUsed(state, operation.blob) ? withoutBlob(state, operation.blob) : undefined
    case 'delete repository':
      return state.exists && state.manifests.length === 0 ? { ...state, exists: false } : undefined
    case 'read tag':
      return taggedManifest(state, operation.tag) === found ? state : undefined
    case 'read manifest':
      return state.manifests.includes(found ?? '') ? state : undefined
    case 'read blob':
      return state.blobs.includes(operation.blob) && found === operation.blob ? state : undefined
  }
}

/** Whether it is true what a client was told why something cannot be. */
function mayRefuse(state: RepositoryState, operation: Operation, code: string, ended: number, all: readonly Entry[]): boolean {
  switch (operation.kind) {
    case 'push blob':
    case 'close':
      return code === 'BLOB_UPLOAD_UNKNOWN' || code === 'RANGE_INVALID'
    case 'mount':
      return code === 'BLOB_UNKNOWN'
    case 'push':
      return code === 'MANIFEST_BLOB_UNKNOWN' && operation.image.blobs.some((blob) => !state.blobs.includes(blob))
    case 'delete tag':
    case 'read tag':
      return isUnknownManifest(code) && taggedManifest(state, operation.tag) === undefined
    case 'delete manifest':
    case 'read manifest':
      return isUnknownManifest(code) && !state.manifests.includes(operation.image.name)
    case 'delete blob':
      if (code === 'BLOB_UNKNOWN') return !state.blobs.includes(operation.blob)
      return code === 'IN_USE' && (isUsed(state, operation.blob) || isBeingUsed(operation.repository, operation.blob, ended, all))
    case 'delete repository':
      return code === 'NAME_UNKNOWN' && !state.exists
    case 'read blob':
      return code === 'BLOB_UNKNOWN' && !state.blobs.includes(operation.blob)
  }
}

/** A tag or manifest is missing in a repository that may be gone the next moment. */
function isUnknownManifest(code: string): boolean {
  return code === 'MANIFEST_UNKNOWN' || code === 'NAME_UNKNOWN'
}

function isUsed({ manifests }: RepositoryState, blob: string): boolean {
  return images.some(({ name, blobs }) => blobs.includes(blob) && manifests.includes(name))
}

/** A push under way keeps its blobs, and one that failed does so until it has taken back what it announced. */
function isBeingUsed(repository: string, blob: string, ended: number, all: readonly Entry[]): boolean {
  return all.some(
    (entry) =>
      entry.operation.kind === 'push' && entry.operation.repository === repository && entry.operation.image.blobs.includes(blob) && entry.began < ended,
  )
}

/** The delete of a repository is many deletes, and one end. */
function pieceByPiece(state: RepositoryState): readonly RepositoryState[] {
  return [
    ...state.manifests.map((name) => withoutManifest(state, name)),
    ...state.blobs.filter((blob) => !isUsed(state, blob)).map((blob) => withoutBlob(state, blob)),
  ]
}
