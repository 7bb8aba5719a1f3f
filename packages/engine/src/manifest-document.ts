import { type Digest, isDigest, isNonDistributable, isSchemaOne, mediaTypes, RegistryError } from '@registry/core'

/** What points to content. @see image-spec, descriptor.md */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
}

/** What the registry needs to know of a manifest. */
export interface ManifestDocument {
  readonly mediaType: string
  /** Blobs that have to be there: config and layers, without those that nobody may distribute. */
  readonly blobs: readonly Descriptor[]
  /** Of an image. */
  readonly config: Descriptor | undefined
  /** Of an index. */
  readonly manifests: readonly Descriptor[]
  /** How many descriptors there are: config, layers or manifests, and subject. */
  readonly descriptors: number
  readonly subject: Descriptor | undefined
  /** `artifactType`, else for an image the media type of its config. */
  readonly artifactType: string | undefined
  readonly annotations: Readonly<Record<string, string>> | undefined
}

/** Longer ones are no media types (RFC 6838, section 4.2), and could fill a row of the index on their own. */
const maxMediaType = 255

type JsonObject = Readonly<Record<string, unknown>>

/** Media types of images. */
export const imageTypes: ReadonlySet<string> = new Set([mediaTypes.imageManifest, mediaTypes.dockerManifest])
const indexes: ReadonlySet<string> = new Set([mediaTypes.imageIndex, mediaTypes.dockerManifestList])

/**
 * Reads a manifest. Fields that it does not know are left alone.
 *
 * @param mediaType - as the client declared it; empty: as the document says
 * @throws `MANIFEST_INVALID`
 * @see image-spec, manifest.md and image-index.md
 */
export function parseManifest(mediaType: string, text: string): ManifestDocument {
  const document = parseObject(text)
  const own = document['mediaType']
  if (own !== undefined && typeof own !== 'string') throw invalid('"mediaType" is not a string')
  const type = mediaType === '' ? (own ?? '') : mediaType
  if (own !== undefined && own !== type) throw invalid(`"mediaType" is ${own}, but it was sent as ${type}`)
  if (isSchemaOne(type)) throw invalid('Docker schema 1 is not supported; push with a client of 2017 or later, or convert the image')
  if (!imageTypes.has(type) && !indexes.has(type)) {
    throw invalid(`the media type ${type === '' ? 'is missing' : `${type} is not supported`}; supported are ${[...imageTypes, ...indexes].join(', ')}`)
  }
  if (document['schemaVersion'] !== 2) throw invalid('"schemaVersion" is not 2')
  // One document that two clients read as two different things: GHSA-mc8v-mgrf-8f4m.
  if ('manifests' in document && ('layers' in document || 'config' in document)) {
    throw invalid('it has "manifests" beside "config" or "layers", so that it could be read as an image and as an index')
  }
  const subject = (document['subject'] ?? undefined) === undefined ? undefined : descriptor(document['subject'], 'subject')
  const common = { mediaType: type, subject, annotations: annotations(document['annotations']) }
  const subjects = subject ? 1 : 0
  const artifactType = optionalMediaType(document['artifactType'], 'artifactType')
  if (indexes.has(type)) {
    const manifests = list(document['manifests'], 'manifests')
    return { ...common, config: undefined, manifests, blobs: [], descriptors: manifests.length + subjects, artifactType }
  }
  const config = descriptor(document['config'], 'config')
  const blobs = [config, ...list(document['layers'] ?? [], 'layers')]
  return {
    ...common,
    config,
    manifests: [],
    blobs: blobs.filter((blob) => !isNonDistributable(blob.mediaType)),
    descriptors: blobs.length + subjects,
    artifactType: artifactType ?? config.mediaType,
  }
}

function parseObject(text: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new RegistryError('MANIFEST_INVALID', `the manifest is no JSON: ${(error as Error).message}`, { cause: error })
  }
  if (!isObject(value)) throw invalid('it is not a JSON object')
  return value
}

function list(value: unknown, path: string): readonly Descriptor[] {
  if (!Array.isArray(value)) throw invalid(`"${path}" is not a list`)
  return value.map((item: unknown, n) => descriptor(item, `${path}[${n}]`))
}

function descriptor(value: unknown, path: string): Descriptor {
  if (!isObject(value)) throw invalid(`"${path}" is no descriptor`)
  const { mediaType, digest, size } = value
  if (!isMediaType(mediaType)) throw invalid(`"${path}.mediaType" is not a string of at most ${maxMediaType} characters`)
  if (typeof digest !== 'string' || !isDigest(digest)) throw invalid(`"${path}.digest" is no sha256 or sha512 digest`)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalid(`"${path}.size" is not a number of bytes`)
  return { mediaType, digest, size }
}

function annotations(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined
  if (!isObject(value) || Object.values(value).some((text) => typeof text !== 'string')) throw invalid('"annotations" is not a map of strings')
  return value as Readonly<Record<string, string>>
}

function optionalMediaType(value: unknown, path: string): string | undefined {
  if (value === undefined || value === '') return undefined
  if (!isMediaType(value)) throw invalid(`"${path}" is not a string of at most ${maxMediaType} characters`)
  return value
}

function isMediaType(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxMediaType
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(reason: string): RegistryError {
  return new RegistryError('MANIFEST_INVALID', `the manifest is not accepted: ${reason}`)
}
