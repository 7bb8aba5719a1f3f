import { blobOf, type TestBlob, type TestServer } from '../../support/test-server.js'

export const indexType = 'application/vnd.oci.image.index.v1+json'

/** An index that names nothing, so that no blob has to be there; `more` sets it apart. */
export function emptyIndex(more: object = {}): TestBlob {
  return blobOf(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [], ...more }))
}

/** What an index says that refers to another manifest. */
export function subjectOf({ digest, bytes }: TestBlob): { readonly subject: object } {
  return { subject: { mediaType: indexType, digest, size: bytes.length } }
}

/** Pushes a manifest under a tag, its digest, or its digest with `?tag=`. */
export async function pushManifest({ send }: TestServer, repository: string, reference: string, { bytes }: TestBlob, mediaType: string = indexType): Promise<Response> {
  const response = await send('PUT', `/v2/${repository}/manifests/${reference}`, { headers: { 'content-type': mediaType }, body: bytes })
  if (response.status !== 201) throw new Error(`pushing a manifest: ${response.status} ${await response.text()}`)
  return response
}
