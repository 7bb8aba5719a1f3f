import { BlobSASPermissions } from '@azure/storage-blob'
import type { PresignOptions } from '@registry/core'
import type { Store } from './store.js'

/** A URL with a shared access signature, made without a request. */
export async function presignObject({ container, names }: Store, key: string, { expires, contentType, filename }: PresignOptions): Promise<URL> {
  return new URL(await container.getBlobClient(names.of(key)).generateSasUrl({
    permissions: BlobSASPermissions.from({ read: true }),
    expiresOn: new Date(Date.now() + expires * 1000),
    ...(contentType !== undefined && { contentType }),
    ...(filename !== undefined && { contentDisposition: dispositionOf(filename) }),
  }))
}

function dispositionOf(filename: string): string {
  return `attachment; filename="${filename.replaceAll(/[^ -~]|["\\]/g, '_')}"`
}
