import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>>
}

const indexType = 'application/vnd.oci.image.index.v1+json'

/** The names of all files of a layout that are what their name says. @see image-spec, image-layout.md */
export async function soundBlobs(layout: string): Promise<readonly string[]> {
  const folder = join(layout, 'blobs', 'sha256')
  const names = await readdir(folder)
  const sound = await Promise.all(names.map(async (name) => (await hashOf(join(folder, name))) === name))
  return names.filter((_, n) => sound[n]).sort()
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), hash)
  return hash.digest('hex')
}

/** The descriptor that a layout has under a tag. */
export async function taggedDescriptor(layout: string, tag: string): Promise<Descriptor> {
  const { manifests } = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as { manifests: Descriptor[] }
  const found = manifests.find(({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] === tag)
  if (!found) throw new Error(`${layout} has no ${tag}`)
  return found
}

/** Makes images of a layout one image for several platforms, under a tag of its own, which then is the only one. */
export async function joinPlatforms(layout: string, tag: string, platforms: Readonly<Record<string, string>>): Promise<void> {
  const manifests = await Promise.all(
    Object.entries(platforms).map(async ([architecture, image]) => {
      const { mediaType, digest, size } = await taggedDescriptor(layout, image)
      return { mediaType, digest, size, platform: { os: 'linux', architecture } }
    }),
  )
  const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests }))
  const hex = createHash('sha256').update(index).digest('hex')
  await writeFile(join(layout, 'blobs', 'sha256', hex), index)
  const descriptor = { mediaType: indexType, digest: `sha256:${hex}`, size: index.length, annotations: { 'org.opencontainers.image.ref.name': tag } }
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }))
}
