import type { Digest, DigestAlgorithm } from '@registry/core'

/**
 * The rows of the index, as `keyspace.ts` places them.
 * Times are milliseconds since 1970; a version is the number in the key of the row's storage record.
 */

/** What a deleted row that has a version leaves, so that the version goes on from there. */
export interface Tombstone {
  readonly version: number
  readonly deleted: number
}

/** A part of a blob in storage. */
export interface StoredObject {
  readonly key: string
  readonly size: number
}

export interface Repository {
  readonly version: number
  readonly created: number
  readonly description?: string
  /** A delete is at work on it. A push takes the mark away, so that the delete cannot end. */
  readonly marked?: true
  /** The note under which this version's record is due. */
  readonly due: string
}

export interface Tag {
  readonly version: number
  readonly digest: Digest
  /** Generation of the manifest that was tagged: the tag of a deleted manifest is gone with it. */
  readonly generation: string
  readonly time: number
  readonly due: string
}

/** From a manifest to its tags. */
export interface TaggedBy {
  readonly generation: string
}

export interface Manifest {
  readonly version: number
  readonly generation: string
  readonly mediaType: string
  /** Bytes of the text in UTF-8. */
  readonly size: number
  readonly subject?: Digest
  readonly time: number
  readonly due: string
  /** The exact text, where it fits in a row. */
  readonly text?: string
  /** The object that holds it, where it does not. */
  readonly object?: string
}

/** From a subject to the manifests that refer to it. */
export interface Referrer {
  readonly generation: string
  readonly descriptor: {
    readonly mediaType: string
    readonly digest: Digest
    readonly size: number
    readonly artifactType?: string
    readonly annotations?: Readonly<Record<string, string>>
  }
  /** The annotations do not fit in a row and have to be read from the manifest. */
  readonly annotationsLeftOut?: true
}

/** A deleted manifest whose traces are not swept yet. */
export interface Doomed {
  readonly digest: Digest
}

/** That a repository may read a blob. */
export interface Link {
  /** That of the blob row. A link of another incarnation is void. */
  readonly incarnation: string
  /** A delete is looking whether a manifest uses the blob. */
  readonly marked?: true
}

export interface Blob {
  /** Fresh whenever the row is put where none was. */
  readonly incarnation: string
  readonly size: number
  readonly objects: readonly StoredObject[]
  /** Until when the blob is kept without a manifest that uses it. */
  readonly lease: number
  /** `condemned`: about to be collected, and still readable. `corrupt`: its bytes are wrong, and it reads as absent. */
  readonly state: 'live' | 'condemned' | 'corrupt'
  readonly verified: number
  /** The records that lead from replaced objects to today's, oldest first. */
  readonly moved?: readonly Moved[]
}

/** The record of a blob whose objects were replaced. */
export interface Moved {
  /** The first object of the list that was replaced. */
  readonly from: string
  readonly version: number
}

/** Why a blob is kept. The facts are in the key. */
export type Used = Readonly<Record<string, never>>

/** From an object to its blob. */
export interface ObjectOwner {
  readonly digest: Digest
}

/** A manifest push under way: edges of its generation are valid while it is there. */
export interface Push {
  readonly repository: string
  readonly digest: Digest
  readonly expires: number
  readonly object?: string
}

export interface Upload {
  readonly repository: string
  readonly algorithm: DigestAlgorithm
  /** Bytes so far. */
  readonly offset: number
  readonly objects: readonly StoredObject[]
  /** How many objects were ever written for it: the number of the next one. */
  readonly count: number
  /** Digest of the bytes so far; absent where it has to be computed from storage. */
  readonly digest?: Digest
  readonly expires: number
}

/** Records that are to be written. */
export interface Due {
  readonly records: readonly DueRecord[]
}

/** One record: which row it shows, and the version that made it due. */
export type DueRecord =
  | { readonly kind: 'repository'; readonly repository: string; readonly version: number }
  | { readonly kind: 'manifest'; readonly repository: string; readonly digest: Digest; readonly version: number }
  | { readonly kind: 'tag'; readonly repository: string; readonly tag: string; readonly version: number }
  | { readonly kind: 'moved'; readonly digest: Digest; readonly from: string; readonly version: number }

/** Objects that are to be deleted, unless something names them after all. */
export interface Trash {
  readonly objects: readonly string[]
  /** Where the objects are texts of manifests: which manifest may name them. */
  readonly manifest?: { readonly repository: string; readonly digest: Digest }
}

/** Which index owns a storage. */
export interface Owner {
  readonly id: string
}

/** Whether a row that has a version is there, and no tombstone. */
export function isLive<Row extends { readonly version: number }>(row: Row | Tombstone): row is Row {
  return !('deleted' in row)
}
