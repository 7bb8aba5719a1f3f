import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Image, makeImage, readImage } from '../clients/support/image.js'
import type { Machine } from './machine.js'

/** Pushes a new image by this name, such as `127.0.0.1:5000/team/image:v1`. */
export async function push(machine: Machine, name: string): Promise<Image> {
  const archive = join(machine.folder, `${randomUUID()}.tar`)
  const image = await makeImage(archive, name, [1000, 300_000])
  await copy(machine, `docker-archive:${archive}`, `docker://${name}`)
  return image
}

/** Pulls an image. */
export async function pull(machine: Machine, name: string): Promise<Image> {
  const archive = join(machine.folder, `${randomUUID()}.tar`)
  await copy(machine, `docker://${name}`, `docker-archive:${archive}`)
  return readImage(archive)
}

async function copy(machine: Machine, from: string, to: string): Promise<void> {
  await machine.run('skopeo', ['copy', '--quiet', '--src-tls-verify=false', '--dest-tls-verify=false', from, to])
}
