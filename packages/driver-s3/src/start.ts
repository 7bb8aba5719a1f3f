import { ListObjectsV2Command } from '@aws-sdk/client-s3'
import { RegistryError } from '@registry/core'
import { configError } from './config-error.js'
import { startError } from './start-errors.js'
import type { Store } from './store.js'

/** S3 refuses what is signed by a clock that is further away. */
const clockMinutes = 15

/**
 * One request, which shows whether the bucket can be used at all.
 *
 * @throws `CONFIG`, `ACCESS_DENIED` or `UNAVAILABLE` with one line that says what to do
 */
export async function checkStore(store: Store): Promise<void> {
  const { bucket, keyPrefix } = store.settings
  const request = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1, ...(keyPrefix === '' ? {} : { Prefix: keyPrefix }) })
  try {
    await store.ask({ operation: 'start' }, (abortSignal) => store.client.send(request, { abortSignal }))
  } catch (error) {
    const cause = RegistryError.is(error) ? error.cause : error
    throw startError(cause, store.settings, await regionOf(store), error)
  }
  // The SDK puts its signatures right by the answers' dates. What compares dates of objects with the time of day does not.
  const minutes = Math.round(store.client.config.systemClockOffset / 60_000)
  if (Math.abs(minutes) < clockMinutes) return
  const side = minutes > 0 ? 'behind' : 'ahead of'
  throw configError(`the clock of this machine is ${Math.abs(minutes)} minutes ${side} that of the store: set it, by NTP for instance`)
}

async function regionOf({ client }: Store): Promise<string> {
  return client.config.region().catch(() => 'unknown')
}
