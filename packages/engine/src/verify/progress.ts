/** `commits` that the index lost, `blobs` with their bytes, `repositories` with manifests, tags and records, `objects` that nothing names. */
export type VerifyPhase = 'commits' | 'blobs' | 'repositories' | 'objects' | 'complete'

/** What was looked at. */
export interface VerifyCounts {
  readonly blobs: number
  /** Bytes of blobs that were read. */
  readonly bytes: number
  readonly repositories: number
  readonly manifests: number
  readonly tags: number
  /** Objects in storage that hold bytes of blobs or texts of manifests. */
  readonly objects: number
  /** Objects that nothing names and that may still be given a name: uploads under way, and what they left lately. */
  readonly inPassing: number
}

/** How a verification stands. */
export interface VerifyProgress {
  readonly phase: VerifyPhase
  /** Parts of the phase that are done. */
  readonly done: number
  /** Parts that the phase has; 0 where that is not known. */
  readonly total: number
  readonly counts: VerifyCounts
}
