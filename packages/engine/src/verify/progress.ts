/** `commits` that the index lost, `blobs` with their bytes, `repositories` with manifests, tags and records, `objects` that nothing names. */
export type VerifyPhase = 'commits' | 'blobs' | 'repositories' | 'objects' | 'complete'

/** What was looked at. */
export interface VerifyCounts {
  /** Each once, however many repositories have it; those marked as damaged, too. */
  readonly blobs: number
  /** Bytes of blobs that were read. */
  readonly bytes: number
  /** Without those that were deleted. */
  readonly repositories: number
  /** In all repositories: one that two of them have counts twice. */
  readonly manifests: number
  /** In all repositories, also those that lead nowhere. */
  readonly tags: number
  /** Objects in storage that hold bytes of blobs or texts of manifests. */
  readonly objects: number
  /** Objects that nothing names and that may still be given a name: uploads under way, and what they left lately. */
  readonly inPassing: number
}

/** How a verification stands. */
export interface VerifyProgress {
  /** What it is at. The phases come in the order of the type, `complete` once and last. */
  readonly phase: VerifyPhase
  /** Parts of the phase that are done. */
  readonly done: number
  /** Parts that the phase has; 0 where that is not known. */
  readonly total: number
  /** What was looked at so far, in all phases together. */
  readonly counts: VerifyCounts
}
