import { blobOf, imageType, type TestBlob, type TestServer } from '../../support/test-server.js'

export const indexType = 'application/vnd.oci.image.index.v1+json'
export const dockerType = 'application/vnd.docker.distribution.manifest.v2+json'
export const dockerListType = 'application/vnd.docker.distribution.manifest.list.v2+json'

/** Pushes a manifest to the repository `a`, or what may be none. `reference` may have a query. */
export function pushManifest({ send }: TestServer, reference: string, { bytes }: Pick<TestBlob, 'bytes'>, contentType: string = imageType): Promise<Response> {
  return send('PUT', `/v2/a/manifests/${reference}`, { headers: { 'content-type': contentType }, body: bytes })
}

export function descriptorOf({ digest, bytes }: { readonly digest: string; readonly bytes: Uint8Array }, mediaType: string = imageType): object {
  return { mediaType, digest, size: bytes.length }
}

export function imageIndex(manifests: readonly object[], more: object = {}): TestBlob {
  return blobOf(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests, ...more }))
}
