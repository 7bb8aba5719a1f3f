import type { ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob'
import { compareUtf8, type ListOptions, type ObjectInfo } from '@registry/core'
import type { Store } from './store.js'

/** Many lists are left early, so that the first page is a small one. */
const firstPageNames = 1000
const pageNames = 5000

/** The objects in the order of their keys, a page of Azure at a time. */
export async function* listObjects(store: Store, { prefix = '', after = '' }: ListOptions, signal: AbortSignal): AsyncGenerator<ObjectInfo, void> {
  const beginning = store.names.prefix(prefix)
  if (beginning === undefined) return
  const startFrom = after.startsWith(prefix) ? store.names.prefix(after) : undefined
  let continuationToken: string | undefined
  do {
    const { segment, continuationToken: next } = await page(store, { prefix: beginning, ...(startFrom && { startFrom }) }, continuationToken, signal)
    for (const { name, properties: { contentLength = 0, lastModified } } of segment.blobItems) {
      const key = store.names.keyOf(name)
      if (key === undefined || !key.startsWith(prefix) || compareUtf8(key, after) <= 0) continue
      signal.throwIfAborted()
      yield { key, size: contentLength, modified: lastModified }
    }
    continuationToken = next === '' ? undefined : next
  } while (continuationToken !== undefined)
}

async function page(
  { container, requests }: Store,
  selection: { readonly prefix: string; readonly startFrom?: string },
  continuationToken: string | undefined,
  signal: AbortSignal,
): Promise<ContainerListBlobFlatSegmentResponse> {
  return requests.send({ operation: 'list' }, signal, async (abortSignal) => {
    const pages = container.listBlobsFlat({ ...selection, abortSignal })
    const position = continuationToken === undefined ? { maxPageSize: firstPageNames } : { maxPageSize: pageNames, continuationToken }
    const { value } = (await pages.byPage(position).next()) as { readonly value: ContainerListBlobFlatSegmentResponse }
    return value
  })
}
