import { type CallOptions, type Digest, RegistryError } from '@registry/core'
import type { Context } from '../context.js'
import { readImageConfig } from '../image-config.js'
import { rowKeys } from '../keyspace.js'
import { imageTypes, type ManifestDocument, parseManifest } from '../manifest-document.js'
import { loadText } from '../manifest-text.js'
import { plainText } from '../plain-text.js'
import { isLiveRow, readRow } from '../row-store.js'
import type { Manifest } from '../rows.js'

/**
 * What a manifest says of itself: its annotations; for an image, else the labels of its config; for an index, else what
 * its first image says. `undefined`: nothing.
 *
 * @see image-spec, annotations.md
 */
export async function manifestDescription(context: Context, repository: string, digest: Digest, manifest: Manifest, options?: CallOptions): Promise<string | undefined> {
  const document = await parsed(context, digest, manifest)
  if (document === undefined) return undefined
  const own = await ownDescription(context, repository, document, options)
  if (own !== undefined) return own
  const first = document.manifests.find(({ mediaType }) => imageTypes.has(mediaType))
  if (first === undefined) return undefined
  const image = await readRow(context.index, rowKeys.manifest(repository, first.digest), options)
  const imageDocument = isLiveRow(image) ? await parsed(context, first.digest, image.value) : undefined
  return imageDocument && ownDescription(context, repository, imageDocument, options)
}

async function ownDescription(context: Context, repository: string, document: ManifestDocument, options?: CallOptions): Promise<string | undefined> {
  return told(document.annotations) ?? told(labelsOf(await readImageConfig(context, repository, document, options)))
}

/** Of a manifest whose text is lost, or that went meanwhile: `undefined`. */
async function parsed(context: Context, digest: Digest, manifest: Manifest): Promise<ManifestDocument | undefined> {
  try {
    return parseManifest(manifest.mediaType, await loadText(context, digest, manifest))
  } catch (error) {
    if (RegistryError.is(error, 'CORRUPT')) return undefined
    throw error
  }
}

/** @see image-spec, config.md */
function labelsOf(imageConfig: Readonly<Record<string, unknown>> | undefined): unknown {
  const config = imageConfig?.['config']
  return typeof config === 'object' && config !== null && 'Labels' in config ? config.Labels : undefined
}

/** The description that annotations or labels give, else the title. */
function told(texts: unknown): string | undefined {
  if (typeof texts !== 'object' || texts === null) return undefined
  const keys = ['org.opencontainers.image.description', 'org.opencontainers.image.title']
  for (const key of keys) {
    const text = (texts as Readonly<Record<string, unknown>>)[key]
    const plain = typeof text === 'string' ? plainText(text) : undefined
    if (plain !== undefined) return plain
  }
  return undefined
}
