import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { abortable, assertObjectKey, checkedBody, isObjectKey, RegistryError, resolveRange } from '@registry/core'
import type { CallOptions, Driver, DriverModule, ErrorCode, ObjectInfo, OptionsSchema } from '@registry/core'

/** Keeps each object in a file whose name is its key, with `+` for `/`. It holds a whole object in memory while it moves. */
export async function flatDriver({ root: path, objectBytes = 2 ** 24 }: { root: string; objectBytes?: number }): Promise<Driver> {
  const root = resolve(path)
  await mkdir(root, { recursive: true })
  const pathOf = (key: string): string => join(root, key.replaceAll('/', '+').replaceAll(/.{200}(?=.)/g, '$&=/'))
  const find = async (key: string): Promise<ObjectInfo | undefined> =>
    stat(pathOf(key)).then(({ size, mtime }) => ({ key, size, modified: mtime }), absent)
  let closed = false
  const enter = ({ signal }: CallOptions, ...keys: readonly string[]): void => {
    if (closed) throw new RegistryError('CLOSED', `the driver of ${root} was closed`, { driver: 'flat' })
    signal?.throwIfAborted()
    keys.forEach(assertObjectKey)
  }

  return {
    contract: 1,
    name: 'flat',
    capabilities: Object.freeze({ presign: false, limits: Object.freeze({ objectBytes }) }),
    async head(key, options = {}) {
      enter(options, key)
      return find(key)
    },
    async open(key, options = {}) {
      enter(options, key)
      await using file = await open(pathOf(key)).catch(absent)
      if (!file) throw new RegistryError('NOT_FOUND', `no object under ${key}`, { driver: 'flat', operation: 'open', key })
      const { mtime: modified } = await file.stat()
      const bytes = await file.readFile()
      const { start, end } = resolveRange(options.range, bytes.length)
      const body = abortable(chunksOf(bytes.subarray(start, end)), options.signal)
      return { info: { key, size: bytes.length, modified }, body, [Symbol.asyncDispose]: async () => {} }
    },
    async put(key, body, options = {}) {
      enter(options, key)
      const chunks: Uint8Array[] = []
      for await (const chunk of checkedBody(body, { ...options, objectBytes })) chunks.push(Uint8Array.from(chunk))
      const bytes = Buffer.concat(chunks)
      const temporary = join(root, `@${randomUUID()}`)
      try {
        await writeFile(temporary, bytes, { flush: true })
        await mkdir(dirname(pathOf(key)), { recursive: true })
        options.signal?.throwIfAborted()
        await rename(temporary, pathOf(key))
      } catch (error) {
        await rm(temporary, { force: true })
        throw options.signal?.aborted ? options.signal.reason : told(error)
      }
      for (let folder = dirname(pathOf(key)); folder.length >= root.length; folder = dirname(folder)) await sync(folder)
      return { size: bytes.length }
    },
    async delete(keys, options = {}) {
      enter(options, ...keys)
      for (const key of keys) await rm(pathOf(key), { force: true }).catch(absent)
      for (const folder of new Set(keys.map((key) => dirname(pathOf(key))))) await sync(folder)
    },
    async *list({ prefix = '', after = '', ...options } = {}) {
      enter(options)
      const names = await readdir(root, { recursive: true })
      const keys = names.map((name) => name.replaceAll('=/', '').replaceAll('+', '/')).filter(isObjectKey).sort()
      for (const key of keys.filter((key) => key.startsWith(prefix) && key > after)) {
        enter(options)
        const info = await find(key)
        if (info) yield info
      }
    },
    async close() {
      closed = true
    },
  }
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536)
}

async function sync(folder: string): Promise<void> {
  const syncing = open(folder).then((handle) => handle.sync().finally(() => handle.close()))
  await syncing.catch((error: unknown) => { absent(error, 'unknown') })
}

function absent(error: unknown, outcome?: 'unknown'): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw told(error, outcome)
}

function told(cause: unknown, outcome?: 'unknown'): unknown {
  const codes: Record<string, ErrorCode> = { ENOSPC: 'NO_SPACE', EACCES: 'ACCESS_DENIED', EROFS: 'ACCESS_DENIED', EMFILE: 'UNAVAILABLE' }
  const code = codes[(cause as NodeJS.ErrnoException).code ?? ''] ?? (outcome && 'INTERNAL')
  return code ? new RegistryError(code, String(cause), { driver: 'flat', outcome, cause }) : cause
}

/** What the server looks for in a package. */
const options: OptionsSchema = { root: { type: 'string', required: true, description: 'Folder of the objects, made where it is missing.' } }
export const driver: DriverModule<{ root: string }> = { contract: 1, name: 'flat', options, open: flatDriver }
