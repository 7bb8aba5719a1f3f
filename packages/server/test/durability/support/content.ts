import { createHash } from 'node:crypto'

export const imageType = 'application/vnd.oci.image.manifest.v1+json'
export const indexType = 'application/vnd.oci.image.index.v1+json'

/** Bytes with their digest. */
export interface Content {
  readonly bytes: Buffer
  readonly digest: string
}

export interface ManifestContent extends Content {
  readonly mediaType: string
  /** The blobs that it names. */
  readonly blobs: readonly string[]
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

export function contentOf(bytes: Buffer): Content {
  return { bytes, digest: digestOf(bytes) }
}

/** An image; `note` makes one of the same blobs another manifest. */
export function imageOf([config, ...layers]: readonly Content[], note: string): ManifestContent {
  const descriptor = ({ digest, bytes }: Content, mediaType: string): object => ({ mediaType, digest, size: bytes.length })
  const document = {
    schemaVersion: 2,
    mediaType: imageType,
    config: descriptor(config!, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => descriptor(layer, 'application/vnd.oci.image.layer.v1.tar')),
    annotations: { note },
  }
  return { ...contentOf(Buffer.from(JSON.stringify(document))), mediaType: imageType, blobs: [config!, ...layers].map(({ digest }) => digest) }
}

/** An image for several platforms. */
export function indexOf(images: readonly ManifestContent[], note: string): ManifestContent {
  const manifests = images.map(({ mediaType, digest, bytes }) => ({ mediaType, digest, size: bytes.length }))
  const document = { schemaVersion: 2, mediaType: indexType, manifests, annotations: { note } }
  return { ...contentOf(Buffer.from(JSON.stringify(document))), mediaType: indexType, blobs: [] }
}
