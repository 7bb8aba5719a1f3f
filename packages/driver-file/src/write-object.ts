import { rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { checkedBody, type Body, type BodyLimits } from '@registry/core'
import type { DurableDirectories } from './durable-directories.js'
import { earlyWriteBack } from './early-write-back.js'
import { errnoOf, told, type FileCall } from './errors.js'
import { gather } from './gather.js'
import type { TemporaryFiles } from './temporary-files.js'

/** Where objects are written, and how. */
export interface Storage {
  readonly temporaries: TemporaryFiles
  readonly directories: DurableDirectories
}

/**
 * Writes the body under another name, and gives it the name of its key when every byte is on the disk.
 * What fails before that leaves the key as it was, and no file behind.
 */
export async function writeObject(path: string, key: string, body: Body, limits: BodyLimits, storage: Storage): Promise<number> {
  const about: FileCall = { operation: 'put', key }
  const temporary = await storage.temporaries.create(about)
  const { handle } = temporary
  let size: number
  try {
    // Errors name the path of the object: that of the temporary file, which is gone by then, would tell nobody anything.
    size = await writeBody(handle, checkedBody(body, limits), path, about)
    await told(handle.sync(), path, about)
    await told(handle.close(), path, about)
    limits.signal?.throwIfAborted()
    await told(moveInto(path, temporary.path, storage.directories), path, about)
  } catch (error) {
    // The caller is told the first error. A file that cannot be removed now is as good as one that a dead process left.
    await handle.close().catch(() => undefined)
    await rm(temporary.path, { force: true }).catch(() => undefined)
    throw error
  }
  await told(storage.directories.settle(dirname(path)), dirname(path), { ...about, outcome: 'unknown' })
  return size
}

/** Most folders are there: one is made when it turns out that it is not. */
async function moveInto(path: string, temporary: string, directories: DurableDirectories): Promise<void> {
  try {
    await rename(temporary, path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    await directories.make(dirname(path))
    await rename(temporary, path)
  }
}

async function writeBody(handle: FileHandle, body: Body, path: string, about: FileCall): Promise<number> {
  const early = earlyWriteBack(handle)
  let size = 0
  for await (const bytes of gather(body)) {
    // The file system may take less than it is given.
    for (let start = 0; start < bytes.byteLength; ) start += (await told(handle.write(bytes, start), path, about)).bytesWritten
    size += bytes.byteLength
    early.wrote(bytes.byteLength)
  }
  await told(early.end(), path, about)
  return size
}
