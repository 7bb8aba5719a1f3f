import { type CallOptions, RegistryError } from '@registry/core'
import type { Context } from './context.js'
import { idPrefixes, rowKeys } from './keyspace.js'

/** How many partitions are looked into before a session is refused. */
const tries = 3

/**
 * An id for a new upload session. Sessions are counted where they are: in the partition that the id falls into, which
 * has room for its part of all. So it takes one look whatever the number of sessions, and every process sees the same.
 *
 * @throws `TOO_MANY` where several partitions in a row are full
 */
export async function freeUploadId({ index, policy, randomId }: Context, options?: CallOptions): Promise<string> {
  const room = Math.ceil(policy.uploadSessions / idPrefixes.length)
  for (let n = 0; n < tries; n++) {
    const id = randomId()
    const { entries } = await index.scan(rowKeys.uploads(id.slice(0, 2)), { ...options, limit: room })
    if (entries.length < room) return id
  }
  throw new RegistryError('TOO_MANY', `there are about ${policy.uploadSessions} upload sessions already; they end when they are closed or expire`)
}
