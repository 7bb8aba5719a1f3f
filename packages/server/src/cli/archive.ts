import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Body } from '@registry/core'
import { pack } from 'tar-stream'

/** A tar archive that is being written. */
export interface Archive {
  add(name: string, size: number, body: Body): Promise<void>
  addFile(name: string, path: string): Promise<void>
}

/** What was written. */
export interface ArchiveSummary {
  readonly objects: number
  /** Of the files in the archive. */
  readonly bytes: number
}

/**
 * Writes an archive. It has its name when it is whole and on the disk, and is not there before that.
 *
 * @param target - path of the archive; `undefined` writes to stdout
 */
export async function writeArchive(target: string | undefined, fill: (archive: Archive) => Promise<void>): Promise<ArchiveSummary> {
  // A name of its own: two that write the same archive do not write into one file.
  const partial = target && `${target}.${randomBytes(4).toString('hex')}.partial`
  const tar = pack()
  const written = pipeline(tar, partial === undefined ? process.stdout : createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }))
  const summary = { objects: 0, bytes: 0 }
  const archive: Archive = {
    async add(name: string, size: number, body: Body): Promise<void> {
      await pipeline(Readable.from(body), tar.entry({ name, size, mode: 0o644, mtime: new Date() }))
      summary.objects++
      summary.bytes += size
    },
    async addFile(name: string, path: string): Promise<void> {
      await archive.add(name, (await stat(path)).size, createReadStream(path))
    },
  }
  try {
    // Where the disk is full, the archive ends before it is filled.
    await Promise.race([fill(archive).then(() => { tar.finalize() }), written])
    await written
    if (target !== undefined && partial !== undefined) {
      await rename(partial, target)
      await syncDirectory(dirname(target))
    }
    return summary
  } catch (error) {
    tar.destroy()
    await written.catch(() => undefined)
    if (partial !== undefined) await rm(partial, { force: true })
    throw error
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
