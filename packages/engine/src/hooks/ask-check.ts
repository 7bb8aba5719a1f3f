import { type CallOptions, RegistryError } from '@registry/core'
import type { Check, PushName, RegistryPushes } from './pushes.js'
import { refusalOf } from './refusal.js'

/** As long as a timer can wait. */
const longestTimer = 2 ** 31 - 1

export interface AskOptions extends CallOptions {
  /** For how long the check may think. */
  readonly milliseconds: number
}

/**
 * Resolves when the check lets the push pass. Whatever it does after its time is over, nobody waits for it.
 *
 * @throws `DENIED`, and whatever else `refusalOf` lets through; `UNAVAILABLE` where it takes too long
 */
export async function askCheck<Name extends PushName>(
  check: Check<Name>,
  push: RegistryPushes[Name],
  { milliseconds, signal }: AskOptions,
): Promise<void> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  const late = (): void => {
    controller.abort(new RegistryError('UNAVAILABLE', `a check of this registry took longer than ${milliseconds} milliseconds; try again`))
  }
  const leave = (): void => {
    controller.abort(signal?.reason)
  }
  const timer = setTimeout(late, Math.min(milliseconds, longestTimer))
  signal?.addEventListener('abort', leave, { once: true })
  try {
    await new Promise<void>((resolve, reject) => {
      // Before the check can listen: what it throws at the abort comes second.
      controller.signal.addEventListener('abort', () => {
        reject(controller.signal.reason as Error)
      })
      called(check, push, controller.signal).then(resolve, (error: unknown) => {
        reject(refusalOf(error))
      })
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
  }
}

async function called<Name extends PushName>(check: Check<Name>, push: RegistryPushes[Name], signal: AbortSignal): Promise<void> {
  await check(push, { signal })
}
