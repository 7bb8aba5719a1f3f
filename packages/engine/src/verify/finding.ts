import type { Digest } from '@registry/core'

/**
 * What is wrong:
 * - `lost-commit`: storage has recorded what the index does not have, or has in an earlier version
 * - `blob-damaged`: objects of a blob are missing or of another size, or its bytes do not have its digest
 * - `blob-unreadable`: storage fails at an object of a blob
 * - `blob-corrupt`: a blob was marked as damaged before, and nobody has pushed it again
 * - `manifest-damaged`: the text of a manifest is missing, or does not have its digest
 * - `manifest-incomplete`: a manifest names a blob that its repository cannot read
 * - `repository-missing`: a manifest is there, and its repository is deleted
 * - `tag-nowhere`: a tag leads to a manifest that is not there
 * - `row-missing`: the index lacks a row that follows from another one
 * - `record-missing`, `record-wrong`: storage does not record a row, or records something else
 * - `record-left-out`: a rebuild of the index could not use a record
 * - `object-unnamed`: an object in storage belongs to nothing
 */
export type VerifyFindingKind =
  | 'lost-commit'
  | 'blob-damaged'
  | 'blob-unreadable'
  | 'blob-corrupt'
  | 'manifest-damaged'
  | 'manifest-incomplete'
  | 'repository-missing'
  | 'tag-nowhere'
  | 'row-missing'
  | 'record-missing'
  | 'record-wrong'
  | 'record-left-out'
  | 'object-unnamed'

/** Something that is wrong, and what it is about. */
export interface VerifyFinding {
  /** Stable, for programs; `reason` is for people. */
  readonly kind: VerifyFindingKind
  /** Absent where it is about a blob or an object as such, which belong to no one repository. */
  readonly repository?: string
  /** Absent where it is about no tag. */
  readonly tag?: string
  /** Of the manifest, or of the blob where no repository is named. */
  readonly digest?: Digest
  /** The blob that a manifest lacks. */
  readonly blob?: Digest
  /** Of the object or record in storage. */
  readonly key?: string
  /** What is wrong, for people. */
  readonly reason: string
  /** It was mended. */
  readonly repaired?: true
  /** The blob reads as absent from now on, and heals when it is pushed again. */
  readonly marked?: true
}

/** What came of mending something; `overtaken` where somebody else has changed it meanwhile. */
export type Mending = 'repaired' | 'marked' | 'overtaken'

/** A finding, and what mends it, where that is safe. */
export interface Trouble {
  readonly finding: VerifyFinding
  readonly mend?: (() => Promise<Mending>) | undefined
}
