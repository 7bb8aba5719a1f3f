import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Body, RegistryError } from '@registry/core'
import { pack } from 'tar-stream'
import { archiveDoesNotFit } from './archive-room.js'
import { isNoRoom } from './no-room.js'

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

export interface WriteArchiveOptions {
  /** Ends it: the call then rejects with the reason. */
  readonly signal: AbortSignal
}

/**
 * Writes an archive. It has its name when it is whole and on the disk, and is not there before that.
 * When the call rejects, `fill` has ended, and nothing of the archive is left.
 *
 * @param target - path of the archive; `undefined` writes to stdout
 * @throws `NO_SPACE` where it does not fit
 */
export async function writeArchive(
  target: string | undefined,
  fill: (archive: Archive) => Promise<void>,
  { signal }: WriteArchiveOptions,
): Promise<ArchiveSummary> {
  // A name of its own: two that write the same archive do not write into one file.
  const partial = target && `${target}.${randomBytes(4).toString('hex')}.partial`
  const tar = pack()
  const sink = partial === undefined ? stdoutSink() : createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true })
  let broken: unknown
  sink.on('error', (error: Error) => (broken ??= error))
  const written = pipeline(tar, sink, { signal })
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
  const filled = fill(archive).then(() => { tar.finalize() })
  try {
    // Where the disk is full, the archive ends before it is filled.
    await Promise.race([filled, written])
    await written
    if (target !== undefined && partial !== undefined) {
      signal.throwIfAborted()
      await rename(partial, target)
      await syncDirectory(dirname(target))
    }
    return summary
  } catch (error) {
    // Whatever else fails does so because of these.
    const reason: unknown = signal.aborted ? signal.reason : (broken ?? error)
    tar.destroy()
    await Promise.allSettled([filled, written])
    if (partial !== undefined) await rm(partial, { force: true })
    throw isNoRoom(reason) && !RegistryError.is(reason) ? archiveDoesNotFit(target, reason) : reason
  }
}

/** Stdout itself is not to be destroyed where an archive ends early. */
function stdoutSink(): Writable {
  return new Writable({ write: (chunk: Uint8Array, _, done) => void process.stdout.write(chunk, done) })
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
