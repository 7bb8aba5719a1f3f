import { isAbsent } from './azure-errors.js'
import type { Store } from './store.js'

/** Requests that one delete has under way at the same time. */
const deletesAtOnce = 16

/** Deletes the objects, some at the same time; an absent one is fine. */
export async function deleteObjects({ container, names, requests }: Store, keys: readonly string[], signal: AbortSignal): Promise<void> {
  const rest = new Set(keys).values()
  const failed = new AbortController()
  const deleteRest = async (): Promise<void> => {
    for (const key of rest) {
      if (failed.signal.aborted) return
      await requests.send({ operation: 'delete', key, outcome: 'unknown' }, signal, async (abortSignal) => {
        await container.getBlobClient(names.of(key)).delete({ abortSignal }).catch((error: unknown) => {
          if (!isAbsent(error)) throw error
        })
      })
    }
  }
  const workers = Array.from({ length: Math.min(deletesAtOnce, keys.length) }, () => deleteRest().catch((error: unknown) => {
    failed.abort()
    throw error
  }))
  await Promise.allSettled(workers)
  await Promise.all(workers)
}
