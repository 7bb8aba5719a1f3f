import type * as FileSystem from 'node:fs/promises'
import { relative } from 'node:path'

type Files = typeof FileSystem

/** Calls to the file system, in the order in which they began: `sync a/b`, paths relative to the root, names of temporary files as `@tmp/new`. */
export const calls: string[] = []
/** Calls that are to fail, with the code of the error. */
export const faults: Map<string, string> = new Map<string, string>()
/** Calls that begin, and wait for these before they do anything. */
export const holds: Map<string, Promise<void>> = new Map<string, Promise<void>>()

const state = { root: '/', atOnce: Infinity }

/** Starts over. `atOnce`: bytes that one read or write takes at the most. */
export function trace(root: string, { atOnce = Infinity }: { readonly atOnce?: number } = {}): void {
  Object.assign(state, { root, atOnce })
  calls.length = 0
  faults.clear()
  holds.clear()
}

/** The calls so far whose names are among these, and none after that. */
export function taken(...names: readonly string[]): string[] {
  return calls.splice(0).filter((call) => names.includes(call.slice(0, call.indexOf(' '))))
}

/** `node:fs/promises`, with every call that the driver makes noted and, if asked for, failed. */
export function tracedFiles(files: Files): Files {
  return {
    ...files,
    open: async (path, ...options) => {
      await note(options[0] === 'wx' ? 'create' : 'open', path)
      return tracedHandle(await files.open(path, ...options), String(path))
    },
    access: async (path, mode) => {
      await note('access', path)
      await files.access(path, mode)
    },
    rename: async (from, to) => {
      await note('rename', from, to)
      await files.rename(from, to)
    },
    rm: async (path, options) => {
      await note('rm', path)
      await files.rm(path, options)
    },
    unlink: async (path) => {
      await note('unlink', path)
      await files.unlink(path)
    },
    lstat: (async (path: string) => {
      await note('lstat', path)
      return files.lstat(path)
    }) as Files['lstat'],
    realpath: (async (path: string) => {
      await note('realpath', path)
      return files.realpath(path)
    }) as Files['realpath'],
    mkdir: (async (path: string, options: { readonly mode: number }) => {
      await note('mkdir', path)
      return files.mkdir(path, options)
    }) as Files['mkdir'],
    readdir: (async (path: string, options: { readonly withFileTypes: true }) => {
      await note('readdir', path)
      return files.readdir(path, options)
    }) as Files['readdir'],
  }
}

function tracedHandle(handle: FileSystem.FileHandle, path: string): FileSystem.FileHandle {
  const [sync, datasync, close] = [handle.sync.bind(handle), handle.datasync.bind(handle), handle.close.bind(handle)]
  const [read, write] = [handle.read.bind(handle), handle.write.bind(handle)]
  return Object.assign(handle, {
    async sync() {
      await note('sync', path)
      await sync()
    },
    async datasync() {
      await note('datasync', path)
      await datasync()
    },
    async close() {
      // Closing what is closed already does nothing.
      if (handle.fd !== -1) {
        calls.push(describeCall('close', [path]))
        await close()
      }
      await failing(describeCall('close', [path]))
    },
    async read(buffer: Uint8Array, offset: number, length: number, position: number) {
      return read(buffer, offset, Math.min(length, state.atOnce), position)
    },
    async write(bytes: Uint8Array, offset: number) {
      await note('write', path)
      return write(bytes, offset, Math.min(bytes.byteLength - offset, state.atOnce))
    },
  })
}

async function note(name: string, ...paths: readonly unknown[]): Promise<void> {
  const call = describeCall(name, paths)
  calls.push(call)
  await holds.get(call)
  await failing(call)
}

async function failing(call: string): Promise<void> {
  const code = faults.get(call)
  if (code !== undefined) throw Object.assign(new Error(`${code}: injected, ${call}`), { code })
}

function describeCall(name: string, paths: readonly unknown[]): string {
  const short = paths.map((path) => (relative(state.root, String(path)) || '.').replace(/@tmp\/[^/]+$/, '@tmp/new'))
  return [name, ...short].join(' ')
}
