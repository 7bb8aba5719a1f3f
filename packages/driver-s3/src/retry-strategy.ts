import type { S3ClientConfig } from '@aws-sdk/client-s3'

type RetryStrategy = Extract<NonNullable<S3ClientConfig['retryStrategy']>, { recordSuccess: unknown }>
type Token = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>

const firstDelay = { THROTTLING: 500, TRANSIENT: 100 }
const longestDelay = 20_000

/**
 * What failed in passing is sent again, up to `retries` times, each time behind a longer pause. The SDK's own strategy gives a client
 * so many retries for all of its requests together, and has none left when a store asks many of them to slow down.
 */
export function retryStrategy(retries: number): RetryStrategy {
  const token = (count: number, delay: number): Token => ({ getRetryCount: () => count, getRetryDelay: () => delay })
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(before, { errorType, retryAfterHint }) {
      const count = before.getRetryCount()
      if (count >= retries || (errorType !== 'THROTTLING' && errorType !== 'TRANSIENT')) throw new Error('it is not to be tried again')
      const delay = Math.random() * Math.min(longestDelay, firstDelay[errorType] * 2 ** count)
      const asked = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now()
      return token(count + 1, Math.max(delay, Math.min(asked, longestDelay)))
    },
    recordSuccess() {},
  }
}
