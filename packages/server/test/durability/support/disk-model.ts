import { basename, dirname, relative } from 'node:path'
import { type Change, type DiskNode, type Edit, type FileNode, type FolderNode, settle } from './disk-nodes.js'

/** A disk below a folder, as POSIX lets a power loss leave it: certain is what was fsynced, the names of a folder by an fsync of the folder alone. */
export interface DiskModel {
  readonly root: FolderNode
  /** A path relative to the disk, `undefined` where it is elsewhere. */
  below(path: string): string | undefined
  /** What is there now; links are followed. */
  find(path: string): DiskNode | undefined
  /** Changes a file or folder. It is pending until it is settled. */
  change(node: FileNode | FolderNode, what: string, edit: Edit): void
  /** Changes where a name leads. */
  name(path: string, what: string, node: DiskNode | undefined): void
  rename(from: string, to: string): void
  /** Makes changes certain. */
  settle(node: FileNode | FolderNode, changes: readonly Change[]): void
  /** What was changed and not settled yet. */
  pending(): readonly Change[]
}

/** A record is about something that the model has not seen come. */
export class UnknownPathError extends Error {
  override readonly name = 'UnknownPathError'
}

/** @param folder - where the disk was, when its record was made */
export function diskModel(folder: string, root: FolderNode): DiskModel {
  const touched = new Set<FileNode | FolderNode>([root])

  const below = (path: string): string | undefined => {
    const found = relative(folder, path)
    return found.startsWith('..') ? undefined : found
  }
  const find = (path: string): DiskNode | undefined => {
    let node: DiskNode | undefined = root
    for (const part of path.split('/').filter((each) => each !== '' && each !== '.')) {
      node = node?.kind === 'folder' ? node.live.get(part) : undefined
      if (node?.kind === 'link') node = find(below(node.target)!)
    }
    return node
  }
  const folderOf = (path: string): FolderNode => {
    const found = find(dirname(path))
    if (found?.kind !== 'folder') throw new UnknownPathError(`the record has a change in ${dirname(path)}, which the model does not know`)
    return found
  }
  const change = (node: FileNode | FolderNode, what: string, edit: Edit): void => {
    node.pending = [...node.pending, { what, edit }]
    touched.add(node)
    if (node.kind === 'file' && edit.kind === 'write') node.size = Math.max(node.size, edit.offset + edit.bytes.length)
    if (node.kind === 'file' && edit.kind === 'size') node.size = edit.size
    if (node.kind !== 'folder' || edit.kind !== 'names') return
    for (const [name, target] of edit.names) {
      if (target) node.live.set(name, target)
      else node.live.delete(name)
    }
  }

  return {
    root,
    below,
    find,
    change,
    name: (path, what, node) => {
      change(folderOf(path), what, { kind: 'names', names: [[basename(path), node]] })
    },
    rename(from, to) {
      const node = find(from)
      if (!node) throw new UnknownPathError(`the record renames ${from}, which the model does not know`)
      const [gone, come] = [[basename(from), undefined], [basename(to), node]] as const
      const what = `rename ${from} to ${to}`
      if (folderOf(from) === folderOf(to)) {
        change(folderOf(to), what, { kind: 'names', names: [gone, come] })
        return
      }
      // Two folders, two fsyncs: one of the names may be on the disk without the other.
      change(folderOf(to), `${what}: the new name`, { kind: 'names', names: [come] })
      change(folderOf(from), `${what}: the old name`, { kind: 'names', names: [gone] })
    },
    settle,
    pending: () => {
      for (const node of touched) if (node.pending.length === 0) touched.delete(node)
      return [...touched].flatMap((node) => node.pending)
    },
  }
}
