import { createHash } from 'node:crypto'
import { type Body, type Digest, type DigestAlgorithm, mediaTypes, parseReference } from '@registry/core'
import type { ManifestInfo, Registry } from '../../src/index.js'

/** Bytes of a text. */
export function bytes(text: string): Buffer {
  return Buffer.from(text)
}

/** Texts or bytes as a body of as many chunks. */
export async function* body(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array, void> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

/** A body that gives these chunks and then throws. */
export async function* broken(error: unknown, ...chunks: readonly string[]): AsyncGenerator<Uint8Array, void> {
  yield* body(...chunks)
  throw error
}

export async function collect(source: Body): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}

export function digestOf(content: string | Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`
}

export interface BlobDescriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
}

export function descriptor(content: string | Uint8Array, mediaType = 'application/vnd.oci.image.layer.v1.tar'): BlobDescriptor {
  return { mediaType, digest: digestOf(content), size: Buffer.byteLength(content) }
}

export const configType = 'application/vnd.oci.image.config.v1+json'

/** An OCI image manifest of a config and layers with these contents, and with further fields. */
export function imageOf(contents: readonly string[], fields: object = {}): Buffer {
  const [config = '', ...layers] = contents
  return bytes(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      config: descriptor(config, configType),
      layers: layers.map((layer) => descriptor(layer)),
      ...fields,
    }),
  )
}

/** An OCI image index of manifests with these texts. */
export function indexOf(manifests: readonly Uint8Array[], fields: object = {}): Buffer {
  return bytes(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageIndex,
      manifests: manifests.map((manifest) => descriptor(manifest, mediaTypes.imageManifest)),
      ...fields,
    }),
  )
}

/** Pushes one blob as docker does: `POST`, one `PATCH`, an empty `PUT`. */
export async function pushBlob(registry: Registry, repository: string, content: string | Uint8Array): Promise<Digest> {
  const { id } = await registry.uploads.start(repository)
  if (content.length > 0) await registry.uploads.append(repository, id, body(content))
  return (await registry.uploads.finish(repository, id, { digest: digestOf(content) })).digest
}

/** Pushes a manifest by a tag or a digest. */
export async function pushManifest(registry: Registry, repository: string, reference: string, manifest: Uint8Array): Promise<ManifestInfo> {
  return registry.manifests.push(repository, parseReference(reference), manifest)
}

/** Pushes an image with its blobs. */
export async function pushImage(
  registry: Registry,
  repository: string,
  reference: string,
  contents: readonly string[],
  fields: object = {},
): Promise<{ readonly digest: Digest; readonly manifest: Buffer }> {
  for (const content of contents) await pushBlob(registry, repository, content)
  const manifest = imageOf(contents, fields)
  const { digest } = await pushManifest(registry, repository, reference, manifest)
  return { digest, manifest }
}

/** All bytes of a blob. */
export async function readBlob(registry: Pick<Registry, 'blobs'>, repository: string, digest: Digest): Promise<string> {
  const blob = await registry.blobs.open(repository, digest)
  try {
    return (await collect(blob.body)).toString()
  } finally {
    await blob[Symbol.asyncDispose]()
  }
}

/** All bytes of a manifest. */
export async function readManifest(registry: Registry, repository: string, reference: string): Promise<string> {
  return Buffer.from((await registry.manifests.get(repository, parseReference(reference))).bytes).toString()
}
