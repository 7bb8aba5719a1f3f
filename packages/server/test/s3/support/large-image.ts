import { createHash } from 'node:crypto'
import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pack } from 'tar-stream'
import { digestOf } from '../../clients/support/image.js'

const mebibyte = 2 ** 20
const architecture = process.arch === 'x64' ? 'amd64' : process.arch
const type = (name: string): string => `application/vnd.oci.image.${name}`

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** What an image consists of. */
export interface LargeImage {
  /** Of its manifest. */
  readonly digest: string
  /** Those of its configuration and of its layers. */
  readonly blobs: readonly string[]
}

/**
 * Writes an image, tagged `v1`, as an OCI layout, with a layer of each of these sizes, in MiB. Layers are not compressed, and take
 * next to nothing on a disk: a small file, and behind the end of its archive holes, with a number at each MiB.
 *
 * @see image-spec, image-layout.md
 */
export async function writeLargeImage(layout: string, layerSizes: readonly number[]): Promise<LargeImage> {
  const folder = join(layout, 'blobs', 'sha256')
  await mkdir(folder, { recursive: true })
  const layers: Descriptor[] = []
  for (const size of layerSizes) layers.push(await writeLayer(folder, size))
  const text = async (mediaType: string, value: object): Promise<Descriptor> => {
    const bytes = Buffer.from(JSON.stringify(value))
    const digest = digestOf(bytes)
    await writeFile(join(folder, digest.slice('sha256:'.length)), bytes)
    return { mediaType, digest, size: bytes.length }
  }
  const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) }
  const config = await text(type('config.v1+json'), { architecture, os: 'linux', config: {}, rootfs })
  const manifest = await text(type('manifest.v1+json'), { schemaVersion: 2, mediaType: type('manifest.v1+json'), config, layers })
  const tagged = { ...manifest, annotations: { 'org.opencontainers.image.ref.name': 'v1' } }
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [tagged] }))
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  return { digest: manifest.digest, blobs: [config, ...layers].map(({ digest }) => digest) }
}

async function writeLayer(folder: string, mebibytes: number): Promise<Descriptor> {
  const tar = pack()
  tar.entry({ name: `layer-of-${mebibytes}-mebibytes` }, 'small')
  tar.finalize()
  const archive = await buffer(tar)
  const hash = createHash('sha256')
  const block = Buffer.alloc(mebibyte)
  const written = join(folder, `${mebibytes}.tar`)
  const file = await open(written, 'wx')
  for (let n = 0; n < mebibytes; n++) {
    block.fill(0, 0, archive.length)
    if (n === 0) archive.copy(block)
    else block.writeUInt32BE(n)
    hash.update(block)
    await file.write(block, 0, archive.length, n * mebibyte)
  }
  await file.truncate(mebibytes * mebibyte)
  await file.close()
  const hex = hash.digest('hex')
  await rename(written, join(folder, hex))
  return { mediaType: type('layer.v1.tar'), digest: `sha256:${hex}`, size: mebibytes * mebibyte }
}
