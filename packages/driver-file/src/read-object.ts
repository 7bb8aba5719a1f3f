import { constants, open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { abortable, RegistryError, resolveRange, type OpenObject, type OpenOptions } from '@registry/core'
import { chunkBytes, giveBuffer, takeBuffer } from './buffers.js'
import { errnoOf, fileError, isAbsent, told, type FileCall } from './errors.js'
import { linkRefused, refuseLinkedFile, refuseLinkedFolders } from './links.js'

// Without the last, opening a pipe would wait for its writer.
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Opens the file of the key for reading; `undefined` where there is none. */
export async function readObject(root: string, key: string, { range, signal, reuse = false }: OpenOptions): Promise<OpenObject | undefined> {
  const about: FileCall = { operation: 'open', key }
  const path = join(root, key)
  const handle = await openFile(root, key)
  if (!handle) return undefined
  try {
    await refuseLinkedFile(handle, root, key, 'open')
    const stats = await told(handle.stat(), path, about)
    signal?.throwIfAborted()
    if (!stats.isFile()) {
      await handle.close()
      return undefined
    }
    const { start, end } = resolveRange(range, stats.size)
    return {
      info: { key, size: stats.size, modified: stats.mtime },
      body: abortable(chunksOf(handle, { start, end, reuse }, path, about), signal),
      // A handle that is closed already ignores this, and one that is being read is closed after it.
      [Symbol.asyncDispose]: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** What cannot be opened may lie behind a link, which is told first. */
async function openFile(root: string, key: string): Promise<FileHandle | undefined> {
  const about: FileCall = { operation: 'open', key }
  const path = join(root, key)
  try {
    return await open(path, flags)
  } catch (error) {
    await refuseLinkedFolders(root, key, 'open')
    if (isAbsent(error)) return undefined
    throw errnoOf(error) === 'ELOOP' ? linkRefused(path, about) : fileError(error, path, about)
  }
}

interface Reading {
  readonly start: number
  readonly end: number
  readonly reuse: boolean
}

async function* chunksOf(handle: FileHandle, { start, end, reuse }: Reading, path: string, about: FileCall): AsyncGenerator<Uint8Array, void> {
  const reused = reuse ? takeBuffer(end - start) : undefined
  try {
    for (let position = start; position < end; ) {
      const buffer = reused ?? Buffer.allocUnsafeSlow(Math.min(chunkBytes, end - position))
      const { bytesRead } = await told(handle.read(buffer, 0, Math.min(buffer.byteLength, end - position), position), path, about)
      if (bytesRead === 0) {
        throw new RegistryError('CORRUPT', `${path} ended at byte ${position}, before byte ${end}: it was cut off`, { driver: 'file', ...about })
      }
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    // Whoever left early may still be sending from it.
    if (reused) giveBuffer(reused)
  } finally {
    await handle.close()
  }
}
