import type { Context } from '../context.js'
import type { RebuildProgress } from './progress.js'

/** What a rebuild works with: an index that no gate shuts, and whatever ends it. */
export interface RebuildContext extends Context {
  readonly signal: AbortSignal
  /** No other process has the storage open. */
  readonly exclusive: boolean
  readonly onProgress: (progress: RebuildProgress) => void
}
