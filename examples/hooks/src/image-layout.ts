import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** An image of one empty layer. */
export interface Image {
  /** Default: amd64. */
  readonly architecture?: string
  /** Default: linux. */
  readonly os?: string
  readonly labels?: Readonly<Record<string, string>>
}

const oci = 'application/vnd.oci.image'
const emptyTar = Buffer.alloc(1024)

/** Writes an image, or one for several platforms, as an OCI layout in a new folder. @see image-spec, image-layout.md */
export function writeImage(folder: string, images: readonly Image[]): void {
  const blobs = join(folder, 'blobs', 'sha256')
  mkdirSync(blobs, { recursive: true })
  const write = (mediaType: string, bytes: Buffer): object => {
    const hex = createHash('sha256').update(bytes).digest('hex')
    writeFileSync(join(blobs, hex), bytes)
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length }
  }
  const writeJson = (mediaType: string, content: object): object => write(mediaType, Buffer.from(JSON.stringify(content)))

  const layer = write(`${oci}.layer.v1.tar+gzip`, gzipSync(emptyTar))
  const diffId = `sha256:${createHash('sha256').update(emptyTar).digest('hex')}`
  const manifests = images.map(({ architecture = 'amd64', os = 'linux', labels }) => {
    const config = writeJson(`${oci}.config.v1+json`, { architecture, os, config: { Labels: labels }, rootfs: { type: 'layers', diff_ids: [diffId] } })
    const manifest = writeJson(`${oci}.manifest.v1+json`, { schemaVersion: 2, mediaType: `${oci}.manifest.v1+json`, config, layers: [layer] })
    return { ...manifest, platform: { architecture, os } }
  })
  const whole = manifests.length === 1 ? manifests[0]! : writeJson(`${oci}.index.v1+json`, { schemaVersion: 2, mediaType: `${oci}.index.v1+json`, manifests })
  const tagged = { ...whole, annotations: { 'org.opencontainers.image.ref.name': 'v1' } }
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [tagged] }))
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
}
