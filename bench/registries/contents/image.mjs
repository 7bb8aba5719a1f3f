import { digestOf, makeBlob, makeLayer } from './layer.mjs'

export const manifestType = 'application/vnd.oci.image.manifest.v1+json'
export const indexType = 'application/vnd.oci.image.index.v1+json'

/** An index of no images: a manifest that needs nothing else. */
export const emptyIndex = manifestOf({ schemaVersion: 2, mediaType: indexType, manifests: [] })

/**
 * An image that no other is equal to.
 *
 * @param id - up to 12 characters that make it different
 * @param layers - sizes in bytes
 * @returns its config and layers as blobs, and its manifest
 */
export function makeImage(id, layers) {
  const blobs = layers.map((size, n) => makeLayer(size, `${id}.${n}`))
  const config = makeBlob(Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: { id } }, rootfs: { type: 'layers', diff_ids: [] } })))
  const described = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: blobs.map((blob) => descriptor('application/vnd.oci.image.layer.v1.tar+gzip', blob)),
  }
  return { blobs: [...blobs, config], manifest: manifestOf(described) }
}

function manifestOf(described) {
  const bytes = Buffer.from(JSON.stringify(described))
  return { bytes, digest: digestOf(bytes) }
}

function descriptor(mediaType, { size, digest }) {
  return { mediaType, size, digest }
}
