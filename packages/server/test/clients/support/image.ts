import { createHash, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { extract, pack } from 'tar-stream'

/** What an image is, however it is packed. */
export interface Image {
  /** The digest of its configuration, which lists the digests of its unpacked layers. */
  readonly id: string
  /** The digest of each file. */
  readonly files: Readonly<Record<string, string>>
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64' }

/** Writes an image as `docker save` does, with a layer for each of these sizes, of bytes that cannot be compressed. */
export async function makeImage(archive: string, reference: string, layerSizes: readonly number[], labels?: Readonly<Record<string, string>>): Promise<Image> {
  const files = layerSizes.map((size, n) => ({ name: `layer-${n}/data`, bytes: randomBytes(size) }))
  const layers = await Promise.all(files.map(async ({ name, bytes }, n) => ({ name: `${n}/layer.tar`, bytes: await tarOf([{ name, bytes }]) })))
  const configuration = Buffer.from(
    JSON.stringify({
      architecture: architectures[process.arch] ?? process.arch,
      os: 'linux',
      created: new Date().toISOString(),
      config: labels === undefined ? {} : { Labels: labels },
      rootfs: { type: 'layers', diff_ids: layers.map(({ bytes }) => digestOf(bytes)) },
    }),
  )
  const manifest = [{ Config: 'config.json', RepoTags: [reference], Layers: layers.map(({ name }) => name) }]
  const described = { name: 'manifest.json', bytes: Buffer.from(JSON.stringify(manifest)) }
  await writeFile(archive, await tarOf([{ name: 'config.json', bytes: configuration }, ...layers, described]))
  return { id: digestOf(configuration), files: digestsOf(files) }
}

/** Reads what `docker save`, `podman save`, `buildah push` or `ctr images export` wrote of one image. */
export async function readImage(archive: string): Promise<Image> {
  const entries = new Map((await filesOf(await readFile(archive))).map(({ name, bytes }) => [name, bytes]))
  const [manifest] = JSON.parse(entries.get('manifest.json')!.toString()) as [{ readonly Config: string; readonly Layers: readonly string[] }]
  const layers = await Promise.all(manifest.Layers.map((name) => filesOf(unpacked(entries.get(name)!))))
  return { id: digestOf(entries.get(manifest.Config)!), files: digestsOf(layers.flat()) }
}

interface File {
  readonly name: string
  readonly bytes: Buffer
}

async function tarOf(files: readonly File[]): Promise<Buffer> {
  const tar = pack()
  for (const { name, bytes } of files) tar.entry({ name }, bytes)
  tar.finalize()
  return buffer(tar)
}

async function filesOf(tar: Buffer): Promise<readonly File[]> {
  const files: File[] = []
  const reader = extract()
  reader.end(tar)
  for await (const entry of reader) {
    const bytes = await buffer(entry)
    if (entry.header.type === 'file') files.push({ name: entry.header.name, bytes })
  }
  return files
}

function unpacked(layer: Buffer): Buffer {
  return layer.subarray(0, 2).toString('hex') === '1f8b' ? gunzipSync(layer) : layer
}

function digestsOf(files: readonly File[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ name, bytes }) => [name, digestOf(bytes)]))
}
