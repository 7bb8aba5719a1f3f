import { setTimeout as sleep } from 'node:timers/promises'
import { RegistryError } from '@registry/core'
import type { Context } from './context.js'

const firstPause = 4
const longestPause = 250

/**
 * Runs `attempt` until it meets no conflict, each time from its beginning, with growing, random pauses.
 *
 * @throws `UNAVAILABLE` when the time for it is over
 */
export async function retryConflicts<Result>({ policy, now, pause = pauseAtRandom }: Context, what: string, attempt: () => Promise<Result>): Promise<Result> {
  const deadline = now() + policy.retryMilliseconds
  for (let milliseconds = firstPause; ; milliseconds = Math.min(milliseconds * 2, longestPause)) {
    try {
      return await attempt()
    } catch (error) {
      if (!RegistryError.is(error, 'CONFLICT')) throw error
      if (now() >= deadline) {
        throw new RegistryError('UNAVAILABLE', `${what} met changes by others for ${policy.retryMilliseconds / 1000} seconds; try again`, { cause: error })
      }
    }
    await pause(milliseconds)
  }
}

function pauseAtRandom(milliseconds: number): Promise<void> {
  return sleep(Math.random() * milliseconds)
}

/** Whether a write may or may not have happened. */
export function isUnknown(error: unknown): boolean {
  return RegistryError.is(error) && error.outcome === 'unknown'
}

/** What to throw in place of an error after which the next attempt finds out what was done: a conflict, where nobody knows. */
export function conflictWhereUnknown(error: unknown): unknown {
  return isUnknown(error) ? new RegistryError('CONFLICT', 'the answer of a commit was lost', { cause: error }) : error
}
