import type { ObjectInfo } from '@registry/core'
import { isAbsent } from './azure-errors.js'
import type { Store } from './store.js'

/** Facts about the object; `undefined` where there is none. */
export async function headObject(store: Store, key: string, operation: string, signal: AbortSignal): Promise<ObjectInfo | undefined> {
  const { container, names, requests } = store
  return requests.send({ operation, key }, signal, async (abortSignal) => {
    const facts = await container.getBlobClient(names.of(key)).getProperties({ abortSignal }).catch((error: unknown) => {
      if (!isAbsent(error)) throw error
      return undefined
    })
    return facts && { key, size: facts.contentLength ?? 0, modified: facts.lastModified ?? new Date(NaN) }
  })
}
