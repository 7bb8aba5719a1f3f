import { createHash } from 'node:crypto'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesWith, type Change, type DiskNode, entriesWith, type FolderNode } from './disk-nodes.js'

/** What a disk has after a power loss: each path below it, those of folders before those in them. */
export type Tree = readonly TreeEntry[]

export interface TreeEntry {
  readonly path: string
  /** The bytes of a file, the target of a link, `undefined` for a folder. */
  readonly holds: Buffer | string | undefined
}

/** @param kept - of the changes that were not fsynced, those that reached the disk */
export function treeOf(root: FolderNode, kept: ReadonlySet<Change>): Tree {
  const entries: TreeEntry[] = []
  const keptOf = (changes: readonly Change[]): readonly Change[] => (kept.size === 0 ? [] : changes.filter((change) => kept.has(change)))
  const walk = (folder: FolderNode, path: string): void => {
    for (const [name, node] of entriesWith(folder, keptOf(folder.pending))) add(node, join(path, name))
  }
  const add = (node: DiskNode, path: string): void => {
    if (node.kind === 'link') entries.push({ path, holds: node.target })
    else if (node.kind === 'file') entries.push({ path, holds: bytesWith(node, keptOf(node.pending)) })
    else {
      entries.push({ path, holds: undefined })
      walk(node, path)
    }
  }
  walk(root, '')
  return entries
}

const hashes = new WeakMap<Buffer, string>()

/** The same for equal trees. */
export function hashOfTree(tree: Tree): string {
  const hash = createHash('sha1')
  for (const { path, holds } of tree) hash.update(`${path}\0${holds instanceof Buffer ? hashOf(holds) : String(holds)}\0`)
  return hash.digest('hex')
}

function hashOf(bytes: Buffer): string {
  const known = hashes.get(bytes)
  if (known !== undefined) return known
  const hash = createHash('sha1').update(bytes).digest('hex')
  hashes.set(bytes, hash)
  return hash
}

/** Makes the tree in a folder. */
export async function writeTree(tree: Tree, folder: string, from: string): Promise<void> {
  for (const { path, holds } of tree) {
    const target = join(folder, path)
    if (holds === undefined) await mkdir(target)
    else if (typeof holds === 'string') await symlink(holds.replace(from, folder), target)
    else await writeFile(target, holds)
  }
}
