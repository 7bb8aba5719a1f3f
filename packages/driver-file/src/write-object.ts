import { randomUUID } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkedBody, type Body, type BodyLimits } from '@registry/core'
import type { DurableDirectories } from './durable-directories.js'
import { errnoOf, told, type FileCall } from './errors.js'
import { gather } from './gather.js'

/**
 * Writes the body under another name, and gives it the name of its key when every byte is on the disk.
 * What fails before that leaves the key as it was, and no file behind.
 */
export async function writeObject(path: string, key: string, body: Body, limits: BodyLimits, directories: DurableDirectories): Promise<number> {
  const about: FileCall = { operation: 'put', key }
  const directory = dirname(path)
  // No key has an `@`, so that no list shows it.
  const temporary = join(directory, `@${randomUUID()}.tmp`)
  const handle = await told(openNew(temporary, directories), temporary, about)
  let size: number
  try {
    size = await writeBody(handle, checkedBody(body, limits), temporary, about)
    await told(handle.sync(), temporary, about)
    await told(handle.close(), temporary, about)
    limits.signal?.throwIfAborted()
    await told(rename(temporary, path), path, about)
  } catch (error) {
    // The caller is told the first error. A file that cannot be removed now is as good as one that a dead process left.
    await handle.close().catch(() => undefined)
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  await told(directories.settle(directory), directory, { ...about, outcome: 'unknown' })
  return size
}

/** Opens a file that nobody else has. Most folders are there: one is made when it turns out that it is not. */
async function openNew(path: string, directories: DurableDirectories): Promise<FileHandle> {
  const create = (): Promise<FileHandle> => open(path, 'wx', 0o600)
  try {
    return await create()
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
    await directories.make(dirname(path))
    return create()
  }
}

async function writeBody(handle: FileHandle, body: Body, path: string, about: FileCall): Promise<number> {
  let size = 0
  for await (const bytes of gather(body)) {
    // The file system may take less than it is given.
    for (let start = 0; start < bytes.byteLength; ) start += (await told(handle.write(bytes, start), path, about)).bytesWritten
    size += bytes.byteLength
  }
  return size
}
