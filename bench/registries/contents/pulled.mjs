import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { accept } from '../client/accept.mjs'
import { Connection } from '../client/connection.mjs'
import { pushBlob, pushImage } from '../client/push.mjs'
import { makeImage } from './image.mjs'
import { makeLayer } from './layer.mjs'

export const repository = 'bench/pulled'
export const tag = 'latest'
export const image = makeImage('pulled', Array(5).fill(64 * 1024))
export const smallBlob = image.blobs[0]
/** 100 MB. */
export const largeBlob = makeLayer(100_000_000, 'large')

/** Pushes what is pulled later, where it is not there yet. */
export async function pushPulled(port) {
  const connection = await Connection.open(port)
  const found = await connection.send(connection.head('HEAD', `/v2/${repository}/manifests/${tag}`, [accept]))
  if (found.status === 404) {
    await pushBlob(connection, { repository, blob: largeBlob, style: 'containerd' })
    await pushImage(connection, { repository, tag, style: 'containerd', image })
  }
  connection.close()
}

/** Writes the same as files whose paths are those of the API, for servers that know no more than files. */
export async function writePulled(folder) {
  const { bytes, digest } = image.manifest
  const files = [
    [`manifests/${tag}`, [bytes]],
    [`manifests/${digest}`, [bytes]],
    ...[...image.blobs, largeBlob].map((blob) => [`blobs/${blob.digest}`, blob.parts]),
  ]
  for (const [path, parts] of files) {
    const file = join(folder, 'v2', repository, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, Buffer.concat(parts))
  }
}
