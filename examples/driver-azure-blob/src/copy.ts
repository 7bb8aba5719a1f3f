import { BlobSASPermissions, type BlobClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { removeBlob } from './stage.js'
import type { Store } from './store.js'

const sasMilliseconds = 3_600_000

/** Makes the temporary blob the object of `key`, in one atomic request within Azure, and removes it. */
export async function copyObject(store: Store, key: string, temporary: string, signal: AbortSignal): Promise<void> {
  const { container, names, requests } = store
  try {
    signal.throwIfAborted()
    const source = await readableUrl(container.getBlobClient(temporary))
    await requests.send({ operation: 'put', key, outcome: 'unknown' }, undefined, (abortSignal) =>
      container.getBlobClient(names.of(key)).syncCopyFromURL(source, { abortSignal }))
  } finally {
    await removeBlob(store, temporary)
  }
}

// A copy takes its source by a URL that carries its own permission. The URL of a client that was made by a SAS does.
async function readableUrl(client: BlobClient): Promise<string> {
  if (!(client.credential instanceof StorageSharedKeyCredential)) return client.url
  return client.generateSasUrl({ permissions: BlobSASPermissions.from({ read: true }), expiresOn: new Date(Date.now() + sasMilliseconds) })
}
