import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type FolderNode, newFolder } from './disk-nodes.js'

/** What is on a disk before a process starts that is recorded. */
export interface Preparation {
  /** Folders that somebody has made a moment ago, and not fsynced. */
  readonly folders: readonly string[]
  /** Symbolic links in the topmost folder, which are as old as the disk; and the folders that they lead to. */
  readonly links: Readonly<Record<string, string>>
}

/** Prepares the disk, and answers with how a model of it begins. */
export function prepareDisk(disk: string, { folders, links }: Preparation): () => FolderNode {
  mkdirSync(disk)
  for (const folder of folders) mkdirSync(join(disk, folder))
  for (const [name, target] of Object.entries(links)) symlinkSync(join(disk, target), join(disk, name))
  return () => {
    const root = newFolder()
    for (const [name, target] of Object.entries(links)) {
      const link = { kind: 'link', target: join(disk, target) } as const
      root.live.set(name, link)
      root.synced = new Map([...root.synced, [name, link]])
    }
    for (const folder of folders) addFolder(root, folder)
    return root
  }
}

function addFolder(root: FolderNode, path: string): void {
  const above = dirname(path)
  let node: FolderNode = root
  for (const name of above === '.' ? [] : above.split('/')) node = node.live.get(name) as FolderNode
  const [name, folder] = [path.slice(above === '.' ? 0 : above.length + 1), newFolder()]
  node.live.set(name, folder)
  node.pending = [...node.pending, { what: `mkdir ${path}`, edit: { kind: 'names', names: [[name, folder]] } }]
}
