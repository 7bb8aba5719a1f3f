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
export async function retryConflicts<Result>({ policy, now }: Context, what: string, attempt: () => Promise<Result>): Promise<Result> {
  const deadline = now() + policy.retryMilliseconds
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await attempt()
    } catch (error) {
      if (!RegistryError.is(error, 'CONFLICT')) throw error
      if (now() >= deadline) {
        throw new RegistryError('UNAVAILABLE', `${what} met changes by others for ${policy.retryMilliseconds / 1000} seconds; try again`, { cause: error })
      }
    }
    await sleep(Math.random() * pause)
  }
}
