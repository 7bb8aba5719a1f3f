import { join } from 'node:path'
import {
  assertObjectKey,
  RegistryError,
  type Body,
  type CallOptions,
  type Driver,
  type ListOptions,
  type ObjectInfo,
  type OpenObject,
  type OpenOptions,
  type PutOptions,
} from '@registry/core'
import { deleteObjects } from './delete-objects.js'
import { durableDirectories } from './durable-directories.js'
import { statsOf } from './links.js'
import { listObjects } from './list-objects.js'
import { openRoot } from './open-root.js'
import { readObject } from './read-object.js'
import { temporaryFiles } from './temporary-files.js'
import { writeObject } from './write-object.js'

/** Where a driver keeps its files, and how large they may be. */
export interface FileDriverOptions {
  /** Directory that holds the objects. It is made where it is missing. */
  readonly root: string
  /** `capabilities.limits.objectBytes`. Default 8 TiB, which every usual file system takes. */
  readonly objectBytes?: number | undefined
}

/**
 * A driver that keeps each object in a file of its own, at the path that its key is.
 *
 * @throws `CONFIG` where the root is no directory, `ACCESS_DENIED` where it cannot be made or written
 */
export async function fileDriver({ root: option, objectBytes = 2 ** 43 }: FileDriverOptions): Promise<Driver> {
  const root = await openRoot(option)
  const storage = { temporaries: await temporaryFiles(root), directories: durableDirectories(root) }
  let closed = false
  const enter = (operation: string, { signal }: CallOptions, ...keys: readonly string[]): void => {
    if (closed) throw new RegistryError('CLOSED', `the file driver of ${root} was closed`, { driver: 'file', operation })
    signal?.throwIfAborted()
    keys.forEach(assertObjectKey)
  }

  return {
    contract: 1,
    name: 'file',
    capabilities: Object.freeze({ presign: false, limits: Object.freeze({ objectBytes }) }),

    async head(key: string, options: CallOptions = {}): Promise<ObjectInfo | undefined> {
      enter('head', options, key)
      const stats = await statsOf(root, key, 'head')
      options.signal?.throwIfAborted()
      return stats?.isFile() ? { key, size: stats.size, modified: stats.mtime } : undefined
    },

    async open(key: string, options: OpenOptions = {}): Promise<OpenObject> {
      enter('open', options, key)
      const object = await readObject(root, key, options)
      if (!object) throw new RegistryError('NOT_FOUND', `no object under ${key}`, { driver: 'file', operation: 'open', key })
      return object
    },

    async put(key: string, body: Body, options: PutOptions = {}): Promise<{ readonly size: number }> {
      enter('put', options, key)
      await statsOf(root, key, 'put')
      return { size: await writeObject(join(root, key), key, body, { ...options, objectBytes }, storage) }
    },

    async delete(keys: readonly string[], options: CallOptions = {}): Promise<void> {
      enter('delete', options, ...keys)
      await deleteObjects(root, keys, options.signal)
    },

    async *list(options: ListOptions = {}): AsyncGenerator<ObjectInfo, void> {
      enter('list', options)
      yield* listObjects(root, options)
    },

    async close(): Promise<void> {
      closed = true
    },
  }
}
