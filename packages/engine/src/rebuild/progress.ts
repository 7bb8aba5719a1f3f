import type { Rebuild, RebuildCounts, RebuildPhase, RebuildProblem } from '../rows.js'
import type { UnansweredPushes } from './unanswered.js'

/** How a rebuild stands. */
export interface RebuildProgress {
  /** What it is at. From `complete` on the registry answers. */
  readonly phase: RebuildPhase
  /** Records that are in. */
  readonly done: number
  /** Records that there were when it began; 0 until they are counted. */
  readonly total: number
}

/** What came of a rebuild. */
export interface RebuildReport {
  /** What is there again. */
  readonly counts: RebuildCounts
  /** How many things were left out. */
  readonly problemCount: number
  /** Each of them, in the order of their keys. */
  readonly problems: () => AsyncIterable<RebuildProblem>
  /** Pushes that were left out as never answered, which is no problem; unless it is the record of a manifest that storage has lost. */
  readonly unanswered: UnansweredPushes
}

/** A rebuild that a start began, went on with, or waits for. */
export interface RegistryRebuild {
  /** How it stands now. */
  readonly progress: RebuildProgress
  /** Resolves when everything is there again and the registry answers. Rejects when it is closed before, or cannot go on. */
  readonly report: Promise<RebuildReport>
}

export function progressOf({ phase, done, total }: Pick<Rebuild, 'phase' | 'done' | 'total'>): RebuildProgress {
  return { phase, done, total }
}
