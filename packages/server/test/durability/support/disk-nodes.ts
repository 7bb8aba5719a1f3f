/** A file, folder or symbolic link of a disk: what is certainly on it, and what was changed since. */
export type DiskNode = FileNode | FolderNode | LinkNode

export interface FileNode {
  readonly kind: 'file'
  synced: Buffer
  pending: readonly Change[]
  /** How long it is for whoever reads it now. */
  size: number
}

export interface FolderNode {
  readonly kind: 'folder'
  synced: Entries
  pending: readonly Change[]
  /** For whoever looks now. */
  readonly live: Map<string, DiskNode>
}

export interface LinkNode {
  readonly kind: 'link'
  readonly target: string
}

export type Entries = ReadonlyMap<string, DiskNode>

/** Something that a power loss may undo, as long as nobody has fsynced what it changes. */
export interface Change {
  /** In words. */
  readonly what: string
  readonly edit: Edit
}

export type Edit =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'size'; readonly size: number }
  /** Of a folder: names that lead elsewhere from now on, or nowhere. */
  | { readonly kind: 'names'; readonly names: readonly (readonly [name: string, node: DiskNode | undefined])[] }

export function newFile(): FileNode {
  return { kind: 'file', synced: Buffer.alloc(0), pending: [], size: 0 }
}

export function newFolder(): FolderNode {
  return { kind: 'folder', synced: new Map(), pending: [], live: new Map() }
}

/** A file's bytes with these changes. */
export function bytesWith(file: FileNode, changes: readonly Change[]): Buffer {
  let bytes = file.synced
  for (const { edit } of changes) {
    if (edit.kind === 'size') bytes = resized(bytes, edit.size)
    if (edit.kind !== 'write') continue
    const end = edit.offset + edit.bytes.length
    bytes = resized(bytes, Math.max(end, bytes.length))
    edit.bytes.copy(bytes, edit.offset)
  }
  return bytes
}

/** A copy, with zeros where it grows. */
function resized(bytes: Buffer, size: number): Buffer {
  const copy = Buffer.alloc(size)
  bytes.copy(copy, 0, 0, Math.min(size, bytes.length))
  return copy
}

/** A folder's names with these changes. */
export function entriesWith(folder: FolderNode, changes: readonly Change[]): Entries {
  if (changes.length === 0) return folder.synced
  const entries = new Map(folder.synced)
  for (const { edit } of changes) {
    if (edit.kind !== 'names') continue
    for (const [name, node] of edit.names) {
      if (node) entries.set(name, node)
      else entries.delete(name)
    }
  }
  return entries
}

/** Makes changes certain. Others that were made meanwhile stay what they are. */
export function settle(node: FileNode | FolderNode, changes: readonly Change[]): void {
  const settled = changes.filter((change) => node.pending.includes(change))
  if (node.kind === 'file') node.synced = bytesWith(node, settled)
  else node.synced = entriesWith(node, settled)
  node.pending = node.pending.filter((change) => !settled.includes(change))
}
