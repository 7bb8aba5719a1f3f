import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import type { Machine } from './machine.js'

/** A file or a folder of an image. */
export interface ImageFile {
  readonly size: number
  readonly owner: string
}

/** What an image is made of, by path. */
export async function imageFiles(machine: Machine, image: string): Promise<ReadonlyMap<string, ImageFile>> {
  const id = (await machine.run('podman', ['create', image])).trim()
  const archive = join(machine.folder, 'image-files.tar')
  await machine.run('podman', ['export', '--output', archive, id])
  await machine.run('podman', ['rm', '--volumes', id])
  const files = new Map<string, ImageFile>()
  const reader = extract()
  reader.on('entry', ({ name, size, uid, gid }, body, next) => {
    files.set(`/${name.replace(/\/$/, '')}`, { size, owner: `${uid}:${gid}` })
    body.on('end', next).resume()
  })
  await pipeline(createReadStream(archive), reader)
  return files
}
