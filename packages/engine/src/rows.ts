import type { Digest, DigestAlgorithm } from '@registry/core'

/**
 * The rows of the index, as `keyspace.ts` places them.
 * Times are milliseconds since 1970; a version is the number in the key of the row's storage record.
 */

/** What a deleted row that has a version leaves, so that the version goes on from there. */
export interface Tombstone {
  readonly version: number
  readonly deleted: number
  /** The note under which its record is due; absent where the record came first. */
  readonly due?: string
  /** A rebuild could not use the record of this version. It stays where it is, for whoever can mend it. */
  readonly unreadable?: true
}

/** A part of a blob in storage. */
export interface StoredObject {
  readonly key: string
  readonly size: number
}

export interface Repository {
  readonly version: number
  readonly created: number
  /** As somebody set it. */
  readonly description?: string | undefined
  /** What its newest tagged manifest that says anything says of itself; `null` where none does; absent where nobody has looked yet. */
  readonly derived?: DerivedDescription | null | undefined
  /** Somebody looks for that manifest, under this due note. Whoever moves or deletes a tag meanwhile replaces the mark, so that what was found too early is not put. */
  readonly describing?: string | undefined
  /** A delete is at work on it. A push takes the mark away, so that the delete cannot end. */
  readonly marked?: true
  /** The note under which this version's record is due. */
  readonly due: string
}

/** A description, and a tag of the manifest that it is from. */
export interface DerivedDescription {
  readonly text: string
  readonly tag: string
}

export interface Tag {
  readonly version: number
  readonly digest: Digest
  /** Generation of the manifest that was tagged: the tag of a deleted manifest is gone with it. */
  readonly generation: string
  /** Version of the manifest's row in that generation: where its record never came to be, the push of the tag was not answered. */
  readonly manifestVersion?: number
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
    /** Of the manifest that refers, not of its subject; so are the others. */
    readonly mediaType: string
    /** Of its exact bytes. */
    readonly digest: Digest
    /** Bytes of the manifest alone, without what it names. */
    readonly size: number
    /** `artifactType` of the manifest, else for an image the media type of its config. Absent for an index without one. */
    readonly artifactType?: string
    /** All of the manifest. Absent where it has none. */
    readonly annotations?: Readonly<Record<string, string>>
  }
  /** The annotations do not fit in a row and have to be read from the manifest. */
  readonly annotationsLeftOut?: true
}

/** A deleted manifest whose traces are not swept yet: its row as it was. */
export interface Doomed extends Manifest {
  readonly digest: Digest
}

/** That the traces of a deleted manifest are to be swept. Its generation is in the key. */
export interface Sweep {
  readonly repository: string
  readonly time: number
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

/** From an object to what consists of it: a blob, or a manifest whose text does not fit in its row. */
export interface ObjectOwner {
  readonly digest: Digest
  /** Of the manifest. */
  readonly repository?: string
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
  readonly time: number
}

/** Tombstones whose records are written, and that go in their time. */
export interface Buried {
  readonly records: readonly RowRecord[]
  readonly time: number
}

/** One record: which row it shows, and the version that made it due. */
export type DueRecord = RowRecord | { readonly kind: 'moved'; readonly digest: Digest; readonly from: string; readonly version: number }

/** A record of a row that has a version. */
export type RowRecord = { readonly version: number; /** There is no older one. */ readonly isFirst?: true } & (
  | { readonly kind: 'repository'; readonly repository: string }
  | { readonly kind: 'manifest'; readonly repository: string; readonly digest: Digest }
  | { readonly kind: 'tag'; readonly repository: string; readonly tag: string }
)

/** Objects that are to be deleted, unless something names them after all. */
export interface Trash {
  readonly objects: readonly string[]
  /** An upload that ended: every object that was ever put for it. */
  readonly upload?: string
  readonly time: number
}

/** Which process does the background work: as long as it puts the row again and again, each time with a new revision. */
export interface WorkLease {
  readonly holder: string
}

/** Which index owns a storage. */
export interface Owner {
  readonly id: string
}

/** How a rebuild of this index from storage stands. There is none where the index was never rebuilt. */
export interface Rebuild {
  readonly state: 'running' | 'complete'
  /** What it is at. */
  readonly phase: RebuildPhase
  readonly started: number
  readonly finished?: number
  /** The index that owned the storage before, where it said so. */
  readonly replaces?: string
  /** The last record that is in. */
  readonly cursor?: string
  /** Records that are in. */
  readonly done: number
  /** Records that were there when it began. */
  readonly total: number
  readonly counts: RebuildCounts
  /** Records and blobs that were left out, known when it is complete. Objects that nothing names are kept as long as there are any. */
  readonly problems: number
  /** The process that works on it. */
  readonly holder?: string
}

/** `waiting` for processes on the index before to stop writing, `objects` that were moved, `records`, `descriptions`, and then it is complete. */
export type RebuildPhase = 'waiting' | 'objects' | 'records' | 'descriptions' | 'complete'

/** What a rebuild found alive. */
export interface RebuildCounts {
  /** How many are there, without those that were deleted. */
  readonly repositories: number
  /** In all repositories: one that two of them have counts twice. */
  readonly manifests: number
  /** In all repositories. */
  readonly tags: number
  /** Those whose objects are all there in their sizes, each once. Their bytes are not read. */
  readonly blobs: number
}

/** What a rebuild left out, and why. */
export interface RebuildProblem {
  /** Of the record. */
  readonly key: string
  /** What is wrong with it, for people. Not part of the API. */
  readonly reason: string
}

/** Whether a row that has a version is there, and no tombstone. */
export function isLive<Row extends { readonly version: number }>(row: Row | Tombstone): row is Row {
  return !('deleted' in row)
}
