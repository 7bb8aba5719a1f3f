import { setTimeout as sleep } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type EntryKey, RegistryError } from '@registry/core'
import { failureOf } from './failure.js'
import type { Settings } from './settings.js'

/** What is asked of DynamoDB, and why. */
export interface Question<Answer> {
  /** The method of the index that asks. */
  readonly operation: string
  readonly signal: AbortSignal
  /** Whether it may change something. */
  readonly isWrite?: boolean
  /** The entry that it is about. */
  readonly key?: EntryKey
  /** For how long it is sent again. Default: `retryTimeout`. */
  readonly timeout?: number
  /**
   * Sends it once.
   *
   * @param isRepeated - an earlier attempt was lost on its way, there or back
   * @throws RegistryError where that is the end of it
   */
  readonly attempt: (signal: AbortSignal, isRepeated: boolean) => Promise<Answer>
}

/** The tables, and how they are spoken to. */
export interface Service {
  readonly client: DynamoDBClient
  readonly settings: Settings
  /**
   * Asks, again and again where that failed in passing, behind growing, random pauses.
   *
   * @throws the signal's reason at once; behind the last attempt `UNAVAILABLE`, or `CONFLICT` where other transactions were in
   *   the way all the time
   */
  readonly ask: <Answer>(question: Question<Answer>) => Promise<Answer>
}

const firstPause = 20
const longestPause = 1000

export function serviceOf(client: DynamoDBClient, settings: Settings): Service {
  const { connectTimeout, requestTimeout, retryTimeout } = settings
  return {
    client,
    settings,
    ask: async <Answer>({ operation, signal, isWrite = false, key, timeout = retryTimeout, attempt }: Question<Answer>): Promise<Answer> => {
      const deadline = performance.now() + timeout
      let isRepeated = false
      for (let longest = firstPause; ; longest = Math.min(longest * 2, longestPause)) {
        try {
          return await limited(signal, connectTimeout + requestTimeout, (limit) => attempt(limit, isRepeated))
        } catch (error) {
          signal.throwIfAborted()
          if (RegistryError.is(error)) throw error
          const { code, reason, mayPass, isLost } = failureOf(error)
          isRepeated ||= isWrite && isLost
          const pause = Math.random() * longest
          if (!mayPass || performance.now() + pause > deadline) {
            const options = { driver: 'dynamodb', operation, key, cause: error }
            if (isRepeated) throw new RegistryError('UNAVAILABLE', `${operation}: ${reason}`, { ...options, outcome: 'unknown' })
            throw new RegistryError(code, `${operation}: ${reason}`, options)
          }
          await sleep(pause, undefined, { signal }).catch(() => undefined)
          signal.throwIfAborted()
        }
      }
    },
  }
}

/** Ends with `signal` at once, and when the time is over: the SDK's own limits do not see an answer whose end does not come. */
function limited<Answer>(signal: AbortSignal, milliseconds: number, attempt: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const controller = new AbortController()
    // Whoever aborts chooses the reason, and it need not be an error.
    const rejectWith: (reason: unknown) => void = reject
    const onAbort = (): void => {
      controller.abort()
      rejectWith(signal.reason)
    }
    const timer = setTimeout(() => {
      controller.abort()
    }, milliseconds)
    signal.addEventListener('abort', onAbort, { once: true })
    void attempt(controller.signal)
      .then(resolve, rejectWith)
      .finally(() => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      })
  })
}
