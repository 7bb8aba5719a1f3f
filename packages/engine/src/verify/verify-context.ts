import type { Digest } from '@registry/core'
import type { RebuildContext } from '../rebuild/rebuild-context.js'
import type { VerifyCounts } from './progress.js'

/** What a verification works with. It reads records as a rebuild does. */
export interface VerifyContext extends RebuildContext {
  /** Whether the bytes of blobs are read. */
  readonly deep: boolean
  readonly count: (what: keyof VerifyCounts, many?: number) => void
  /** How many parts of a phase are done. */
  readonly reached: (done: number) => void
  /** Blobs that were found damaged, with the first of their objects: for the manifests that need them. Only so many as fit in memory. */
  readonly damaged: Map<Digest, string | undefined>
}
