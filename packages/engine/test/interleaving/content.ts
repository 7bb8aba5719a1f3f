import { type Digest, parseDigest } from '@registry/core'
import { digestOf, imageOf, indexOf } from '../support/images.js'

/** A manifest that the runs push. */
export interface Image {
  readonly name: string
  /** Contents of the blobs that it names. */
  readonly blobs: readonly string[]
  readonly bytes: Buffer
  readonly digest: Digest
}

/** Describes an image. */
const title = 'org.opencontainers.image.title'

function image(name: string, blobs: readonly string[], fields: object = {}): Image {
  const bytes = imageOf(blobs, { annotations: { [title]: name }, ...fields })
  return { name, blobs, bytes, digest: digestOf(bytes) }
}

/** Blobs by their contents. All images share the first. */
export const contents = ['config', 'base', 'extra'] as const

export const one: Image = image('one', ['config'])
export const two: Image = image('two', ['config', 'base'])
export const three: Image = image('three', ['config', 'base', 'extra'])

const subject = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: one.digest, size: one.bytes.byteLength }
/** Refers to another, and says nothing of itself. */
export const signature: Image = image('signature', ['config'], { subject, annotations: { name: 'signature' } })

const list = indexOf([one.bytes, two.bytes], { annotations: { [title]: 'index' } })
/** Has manifests and no blobs. */
export const index: Image = { name: 'index', blobs: [], bytes: list, digest: digestOf(list) }

export const images: readonly Image[] = [one, two, three, signature, index]

const imagesByDigest: ReadonlyMap<string, Image> = new Map(images.map((each) => [each.digest, each]))
const contentsByDigest: ReadonlyMap<string, string> = new Map(contents.map((content) => [digestOf(content), content]))

export function imageWith(digest: string): Image | undefined {
  return imagesByDigest.get(digest)
}

export function contentWith(digest: string): string | undefined {
  return contentsByDigest.get(digest)
}

/** Digests and ids in a text as words that one can read. */
export function readable(text: string): string {
  return text
    .replace(/sha256[:/][0-9a-f]{64}/g, (found) => {
      const digest = parseDigest(found.replace('/', ':'))
      return imageWith(digest)?.name ?? contentWith(digest) ?? digest.slice(0, 14)
    })
    .replace(/\b00([0-9a-f]{2})([0-9a-f]{4})0{24}/g, (_, process: string, count: string) => `#${Number.parseInt(process, 16)}.${Number.parseInt(count, 16)}`)
}
