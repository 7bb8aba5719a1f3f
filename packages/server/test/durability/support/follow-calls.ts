import { join } from 'node:path'
import { type DiskModel, UnknownPathError } from './disk-model.js'
import { type Change, type DiskNode, type FileNode, type FolderNode, newFile, newFolder } from './disk-nodes.js'
import { descriptorOf, lastArgument, type Moment, type SystemCall, textsOf } from './system-calls.js'

/** Calls that change files, or tell which file a descriptor is. */
export const fileCalls: readonly string[] = [
  ...['open', 'openat', 'openat2', 'creat', 'close', 'dup', 'dup2', 'dup3', 'lseek', 'mmap'],
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'truncate', 'ftruncate', 'fallocate', 'copy_file_range', 'sendfile', 'splice'],
  ...['fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range', 'io_uring_setup'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat', 'unlink', 'unlinkat', 'mkdir', 'mkdirat', 'rmdir'],
]

/** Calls that change files in ways that the model does not follow: a record that has one of the disk is refused. */
const unfollowed = new Set(['openat2', 'dup', 'dup2', 'dup3', 'pwritev', 'pwritev2', 'fallocate', 'copy_file_range', 'sendfile', 'splice'])
const unfollowedPaths = new Set(['truncate', 'link', 'linkat', 'symlink', 'symlinkat'])

interface OpenFile {
  readonly node: DiskNode
  readonly path: string
  readonly appends: boolean
  position: number
}

/** Follows the calls of one process. */
export interface Follower {
  /** Changes the disk as the call did; answers in words what it was, if it was a change. */
  follow(moment: Moment): string | undefined
}

export function followerOf(disk: DiskModel): Follower {
  const open = new Map<number, OpenFile>()
  const opening = new Map<SystemCall, OpenFile>()
  const syncing = new Map<SystemCall, { readonly node: FileNode | FolderNode; readonly path: string; readonly changes: readonly Change[] }>()
  /** Changes of calls whose result is not there yet. */
  const underway = new Map<SystemCall, readonly Change[]>()
  const early = new Set<SystemCall>()

  const created = (call: SystemCall): string | undefined => {
    const path = onDisk(disk, call)
    if (path === undefined) return undefined
    if (/O_D?SYNC/.test(call.arguments)) throw new Error(`${path} is opened to be synced with each write, which the model does not follow`)
    const there = disk.find(path)
    const node = there ?? newFile()
    opening.set(call, { node, path, appends: call.arguments.includes('O_APPEND'), position: 0 })
    if (there === undefined) {
      const creates = call.arguments.includes('O_CREAT') || call.name === 'creat'
      if (!creates) throw new UnknownPathError(`the record opens ${path}, which the model does not know`)
      disk.name(path, `create ${path}`, node)
      return `create ${path}`
    }
    if (node.kind !== 'file' || !call.arguments.includes('O_TRUNC')) return undefined
    disk.change(node, `empty ${path}`, { kind: 'size', size: 0 })
    return `empty ${path}`
  }

  const wrote = (call: SystemCall, file: OpenFile, node: FileNode): string => {
    const bytes = Buffer.concat(textsOf(call)).subarray(0, call.result)
    const offset = call.name === 'pwrite64' ? Number(lastArgument(call)) : file.appends ? node.size : file.position
    if (call.name !== 'pwrite64') file.position = offset + bytes.length
    const what = `write ${bytes.length} bytes of ${file.path} at ${offset}`
    disk.change(node, what, { kind: 'write', offset, bytes })
    return what
  }

  const renamed = (call: SystemCall): string | undefined => {
    const [from, to] = pathsOf(call).map((path) => disk.below(path))
    if (from === undefined && to === undefined) return undefined
    if (from === undefined || to === undefined) throw new Error('a file was renamed into the disk or out of it, which the model does not follow')
    disk.rename(from, to)
    return `rename ${from} to ${to}`
  }

  const named = (call: SystemCall, node: DiskNode | undefined): string | undefined => {
    const path = onDisk(disk, call)
    if (path === undefined) return undefined
    disk.name(path, `${call.name} ${path}`, node)
    return `${call.name} ${path}`
  }

  const changedBy = (call: SystemCall): string | undefined => {
    const file = open.get(descriptorOf(call)?.number ?? -1)
    const path = file?.path ?? (unfollowedPaths.has(call.name) ? onDisk(disk, call) : undefined)
    if (path !== undefined && (unfollowed.has(call.name) || unfollowedPaths.has(call.name))) {
      throw new Error(`${call.name} of ${path}: the model does not follow this call`)
    }
    switch (call.name) {
      case 'open':
      case 'openat':
      case 'creat':
        return created(call)
      case 'write':
      case 'writev':
      case 'pwrite64':
        return file?.node.kind === 'file' ? wrote(call, file, file.node) : undefined
      case 'ftruncate': {
        if (file?.node.kind !== 'file') return undefined
        const what = `resize ${file.path} to ${lastArgument(call)}`
        disk.change(file.node, what, { kind: 'size', size: Number(lastArgument(call)) })
        return what
      }
      case 'lseek':
        if (file) file.position = call.result!
        return undefined
      case 'rename':
      case 'renameat':
      case 'renameat2':
        return renamed(call)
      case 'unlink':
      case 'unlinkat':
      case 'rmdir':
        return named(call, undefined)
      case 'mkdir':
      case 'mkdirat':
        return named(call, newFolder())
      case 'mmap':
        refuseMapped(disk, call)
        return undefined
      case 'io_uring_setup':
        throw new Error('the process uses io_uring, which no record shows')
      default:
        return undefined
    }
  }

  const enter = (call: SystemCall): string | undefined => {
    const number = descriptorOf(call)?.number ?? -1
    const file = open.get(number)
    if (call.name === 'close') open.delete(number)
    if (call.name === 'fsync' || call.name === 'fdatasync') {
      // What another thread is changing at this moment may be part of it, or not.
      const uncertain = new Set([...underway.values()].flat())
      if (file && file.node.kind !== 'link') {
        syncing.set(call, { node: file.node, path: file.path, changes: file.node.pending.filter((each) => !uncertain.has(each)) })
      }
      return undefined
    }
    if (call.result === undefined || call.result < 0) return undefined
    // Changed as soon as it may be: others may rely on it before its result is in the record.
    const before = new Set(disk.pending())
    try {
      const what = changedBy(call)
      if (what !== undefined) underway.set(call, disk.pending().filter((each) => !before.has(each)))
      return what
    } catch (error) {
      // It began before the call that it relies on.
      if (!(error instanceof UnknownPathError)) throw error
      early.add(call)
      return undefined
    }
  }

  const leave = (call: SystemCall): string | undefined => {
    underway.delete(call)
    const late = early.delete(call) ? changedBy(call) : undefined
    const opened = opening.get(call)
    if (opened) open.set(call.result!, opened)
    const synced = syncing.get(call)
    if (!synced || call.result !== 0) return late
    disk.settle(synced.node, synced.changes)
    return `${call.name} ${synced.path}`
  }

  return { follow: ({ phase, call }) => (phase === 'enter' ? enter(call) : leave(call)) }
}

/** The path that a call is about, relative to the disk. SQLite's `-shm` is none: it is memory that processes share, and made anew at a start. */
function onDisk(disk: DiskModel, call: SystemCall): string | undefined {
  const path = disk.below(pathsOf(call)[0]!)
  return path?.endsWith('-shm') === true ? undefined : path
}

/** The absolute paths among the arguments. */
function pathsOf(call: SystemCall): readonly string[] {
  const from = /AT_FDCWD<((?:\\x[0-9a-f]{2})*)>/.exec(call.arguments)?.[1] ?? ''
  return textsOf(call).map((text) => {
    const path = text.toString('utf8')
    return path.startsWith('/') ? path : join(fromHexadecimal(from), path)
  })
}

function refuseMapped(disk: DiskModel, call: SystemCall): void {
  const digits = /\d+<((?:\\x[0-9a-f]{2})+)>/.exec(call.arguments)?.[1]
  const path = digits === undefined ? undefined : disk.below(fromHexadecimal(digits))
  if (path === undefined || path.endsWith('-shm') || !/PROT_WRITE.*MAP_SHARED/.test(call.arguments)) return
  throw new Error(`${path} is mapped into memory and written there, which no record shows`)
}

function fromHexadecimal(digits: string): string {
  return Buffer.from(digits.replaceAll('\\x', ''), 'hex').toString('utf8')
}
