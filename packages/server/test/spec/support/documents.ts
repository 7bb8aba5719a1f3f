import { imageType } from '../../support/test-server.js'
import { type Algorithm, type Content, contentOf } from './content.js'

export { imageType }
export const indexType = 'application/vnd.oci.image.index.v1+json'
export const configType = 'application/vnd.oci.image.config.v1+json'
export const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip'
export const emptyType = 'application/vnd.oci.empty.v1+json'

/** A manifest to push. */
export interface Document extends Content {
  readonly mediaType: string
}

export interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

export function descriptorOf(mediaType: string, { digest, bytes }: Content): Descriptor {
  return { mediaType, digest, size: bytes.length }
}

/** Further fields of the document, and the algorithm of its digest, which is no field. */
export interface DocumentOptions extends Readonly<Record<string, unknown>> {
  readonly algorithm?: Algorithm
}

export function imageOf(config: Descriptor, layers: readonly Descriptor[], options?: DocumentOptions): Document {
  return documentOf(imageType, { config, layers }, options)
}

export function indexOf(manifests: readonly Document[], options?: DocumentOptions): Document {
  return documentOf(indexType, { manifests: manifests.map((manifest) => descriptorOf(manifest.mediaType, manifest)) }, options)
}

function documentOf(mediaType: string, fields: object, { algorithm, ...more }: DocumentOptions = {}): Document {
  return { ...contentOf(JSON.stringify({ schemaVersion: 2, mediaType, ...fields, ...more }), algorithm), mediaType }
}
