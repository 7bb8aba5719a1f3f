import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { RegistryError } from '@registry/core'
import type { Gate } from '../gate.js'
import { rowKeys } from '../keyspace.js'
import { readRow } from '../row-store.js'
import type { RebuildProgress, RebuildReport, RegistryRebuild } from './progress.js'
import { rebuildIndex, rebuildProblems } from './rebuild-index.js'
import type { RebuildContext } from './rebuild-context.js'
import { unansweredPushes } from './unanswered.js'

/** A rebuild in the background, and the gate that it keeps shut. */
export interface RunningRebuild extends RegistryRebuild, Gate {
  /** Ends it. A later start goes on with it. */
  stop(): Promise<void>
}

export interface StartRebuildOptions extends Omit<RebuildContext, 'signal'> {
  /** Runs when everything is there again, and the gate is open. */
  readonly onComplete: () => void
  /** Is told of each attempt that failed. */
  readonly onError: (error: unknown) => void
}

const longestPause = 30_000

/** Rebuilds the index, again and again where that fails for a reason that may pass. */
export function startRebuild({ onComplete, onError, ...options }: StartRebuildOptions): RunningRebuild {
  const ending = new AbortController()
  // Every request that is under way listens to it.
  setMaxListeners(0, ending.signal)
  const holder = options.randomId()
  let progress: RebuildProgress = { phase: 'waiting', done: 0, total: 0 }
  let failure: RegistryError | undefined
  const context: RebuildContext = {
    ...options,
    signal: ending.signal,
    onProgress: (now) => {
      if (now.phase === progress.phase && now.done === progress.done && now.total === progress.total) return
      progress = now
      options.onProgress(now)
    },
  }

  const run = async (): Promise<RebuildReport> => {
    for (let pause = context.policy.ownershipCheckMilliseconds / 5; ; pause = Math.min(pause * 2, longestPause)) {
      try {
        await rebuildIndex(context, holder)
        const report = await reportOf(context)
        context.onProgress({ ...progress, phase: 'complete' })
        onComplete()
        return report
      } catch (error) {
        if (ending.signal.aborted) throw ending.signal.reason
        if (!mayPass(error)) throw (failure = failed(error))
        if (RegistryError.is(error, 'CONFLICT')) continue
        onError(new RegistryError('UNAVAILABLE', `the rebuild of the index was interrupted, and goes on soon: ${messageOf(error)}`, { cause: error }))
      }
      await sleep(pause, undefined, { signal: ending.signal })
    }
  }
  const report = run()
  // Whoever wants to know asks for it.
  const ended = report.then(() => {}, (error: unknown) => {
    if (!ending.signal.aborted) onError(error)
  })

  return {
    get progress(): RebuildProgress {
      return progress
    },
    report,
    refusal: () => (progress.phase === 'complete' ? undefined : (failure ?? rebuilding(progress))),
    async stop(): Promise<void> {
      ending.abort(new RegistryError('CLOSED', 'the registry was closed before its index was rebuilt: the next start goes on'))
      await ended
    },
  }
}

async function reportOf(context: RebuildContext): Promise<RebuildReport> {
  const { counts, problems } = (await readRow(context.index, rowKeys.rebuild()))!.value
  return { counts, problemCount: problems, problems: () => rebuildProblems(context), unanswered: await unansweredPushes(context.index) }
}

function rebuilding(progress: RebuildProgress): RegistryError {
  return new RegistryError('UNAVAILABLE', 'the registry makes its index anew from storage; try again in a while', { detail: { reason: 'REBUILDING', ...progress } })
}

function failed(cause: unknown): RegistryError {
  const message = `the index could not be rebuilt: ${messageOf(cause)}; the next start goes on`
  return new RegistryError('UNAVAILABLE', message, { cause, detail: { reason: RegistryError.is(cause) ? cause.code : 'INTERNAL' } })
}

/** Whether it may go better the next time. */
function mayPass(error: unknown): boolean {
  return RegistryError.is(error) ? error.retryable || RegistryError.is(error, 'CONFLICT', 'NO_SPACE', 'INTERNAL') : false
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
