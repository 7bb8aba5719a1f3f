import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3'
import { RegistryError } from '@registry/core'
import { configError } from './config-error.js'
import { credentialsError, notS3, startError } from './start-errors.js'
import type { Store } from './store.js'

/** S3 refuses what is signed by a clock that is further away. */
const clockMinutes = 15

/**
 * One request, which shows whether the bucket can be used at all.
 *
 * @throws `CONFIG`, `ACCESS_DENIED` or `UNAVAILABLE` with one line that says what to do
 */
export async function checkStore(store: Store): Promise<void> {
  const { bucket, endpoint } = store.settings
  await store.client.config.credentials().catch((cause: unknown) => Promise.reject(credentialsError(cause)))
  const { Name, MaxKeys } = await firstList(store)
  // A page of some web server is read as a list without anything.
  if (Name === undefined && MaxKeys === undefined) throw configError(notS3(endpoint ? `at ${endpoint.origin}` : `for ${bucket}`, 200))
  // The SDK puts its signatures right by the answers' dates. What compares dates of objects with the time of day does not.
  const minutes = Math.round(store.client.config.systemClockOffset / 60_000)
  if (Math.abs(minutes) < clockMinutes) return
  const side = minutes > 0 ? 'behind' : 'ahead of'
  throw configError(`the clock of this machine is ${Math.abs(minutes)} minutes ${side} that of the store: set it, by NTP for instance`)
}

async function firstList(store: Store): Promise<ListObjectsV2CommandOutput> {
  const { bucket, keyPrefix } = store.settings
  const request = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1, ...(keyPrefix === '' ? {} : { Prefix: keyPrefix }) })
  try {
    return await store.ask({ operation: 'start' }, (abortSignal) => store.client.send(request, { abortSignal }))
  } catch (error) {
    const cause = RegistryError.is(error) ? error.cause : error
    throw startError(cause, store.settings, await regionOf(store), error)
  }
}

async function regionOf({ client }: Store): Promise<string> {
  return client.config.region().catch(() => 'unknown')
}
