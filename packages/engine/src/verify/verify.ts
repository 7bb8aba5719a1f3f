import { setMaxListeners } from 'node:events'
import type { CallOptions } from '@registry/core'
import type { Context } from '../context.js'
import { idPrefixes, rowKeys } from '../keyspace.js'
import { requireOwnStorage } from '../sweep/whole-index.js'
import { blobTroubles } from './blobs.js'
import type { Trouble, VerifyFinding } from './finding.js'
import { lostCommits } from './lost-commits.js'
import { objectTroubles } from './objects.js'
import type { VerifyCounts, VerifyProgress } from './progress.js'
import { repositoryTroubles } from './repositories.js'
import type { VerifyContext } from './verify-context.js'

/** How a verification is run. */
export interface VerifyOptions extends CallOptions {
  /** Reads the bytes of every blob, and compares their digests. Default `false`: their sizes alone. */
  readonly deep?: boolean | undefined
  /** Mends what can be mended without losing anything. Default `false`: nothing is changed. */
  readonly repair?: boolean | undefined
  /** Is given each finding, and is waited for. */
  readonly onFinding?: ((finding: VerifyFinding) => Promise<void> | void) | undefined
  /** Is told how it goes on, often. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined
}

/** What a verification found. */
export interface VerifyReport extends VerifyCounts {
  /** All of them, with those that were mended or marked. */
  readonly findings: number
  /** Findings that were mended. */
  readonly repaired: number
  /** Damaged blobs that read as absent from now on, and heal when they are pushed again. */
  readonly marked: number
}

/**
 * Compares index and storage, while others go on working with both. Nothing is a finding that is only under way: each is
 * looked at again, in an order in which what goes on would show.
 *
 * Where the index lost commits nothing is mended: what to make of the rest is for a rebuild.
 */
export async function verify(context: Context, { deep = false, repair = false, onFinding, onProgress, signal }: VerifyOptions = {}): Promise<VerifyReport> {
  const { background, index } = context
  const ending = signal ? AbortSignal.any([signal, background.ending]) : background.ending
  // Every request that is under way listens to it.
  setMaxListeners(0, ending)
  const counts: Record<keyof VerifyCounts, number> = { blobs: 0, bytes: 0, repositories: 0, manifests: 0, tags: 0, objects: 0, inPassing: 0 }
  const outcomes = { findings: 0, repaired: 0, marked: 0 }
  let stage: Pick<VerifyProgress, 'phase' | 'done' | 'total'> = { phase: 'commits', done: 0, total: 0 }
  const tell = (next = stage): void => {
    stage = next
    onProgress?.({ ...stage, counts: { ...counts } })
  }
  const verifying: VerifyContext = {
    ...context,
    // Reads records as a rebuild does, and waits for nobody.
    exclusive: true,
    onProgress: () => {},
    signal: ending,
    deep,
    count: (what, many = 1) => {
      counts[what] += many
      tell()
    },
    reached: (done) => {
      if (done !== stage.done) tell({ ...stage, done })
    },
    damaged: new Map(),
  }

  const give = async ({ finding, mend }: Trouble, mends: boolean): Promise<void> => {
    // A storage that went away, or to another index, must not pass for one that lost everything.
    await requireOwnStorage(context)
    const mending = mends ? await mend?.() : undefined
    if (mending === 'overtaken') return
    outcomes.findings++
    if (mending !== undefined) outcomes[mending]++
    await onFinding?.({ ...finding, ...(mending === 'repaired' && { repaired: true }), ...(mending === 'marked' && { marked: true }) })
  }
  tell()
  for await (const trouble of lostCommits(verifying)) await give(trouble, false)
  const mends = repair && outcomes.findings === 0
  tell({ phase: 'blobs', done: 0, total: idPrefixes.length })
  for await (const trouble of blobTroubles(verifying)) await give(trouble, mends)
  const partitions = rowKeys.repositories(index.capabilities.limits.spread)
  tell({ phase: 'repositories', done: 0, total: partitions.length })
  for (const [done, partition] of partitions.entries()) {
    verifying.reached(done)
    for await (const trouble of repositoryTroubles(verifying, partition)) await give(trouble, mends)
  }
  tell({ phase: 'objects', done: 0, total: idPrefixes.length })
  for await (const trouble of objectTroubles(verifying)) await give(trouble, mends)
  // Nor must an index for a whole one that is another by now.
  await requireOwnStorage(context)
  tell({ phase: 'complete', done: idPrefixes.length, total: idPrefixes.length })
  return { ...counts, ...outcomes }
}
