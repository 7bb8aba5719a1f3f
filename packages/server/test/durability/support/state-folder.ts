import { existsSync, mkdtempSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Tree, writeTree } from './disk-tree.js'

/** A place where trees are made, one after the other: in memory where there is some, since nothing there is to last. */
export interface StateFolder {
  /** Makes the tree, whose links led into `from`, and removes it after its use. */
  use(tree: Tree, from: string, look: (disk: string) => Promise<void>): Promise<void>
}

export function stateFolder(): StateFolder {
  const memory = '/dev/shm'
  const folder = mkdtempSync(join(existsSync(memory) ? memory : tmpdir(), 'registry-power-loss-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  let number = 0
  return {
    async use(tree, from, look) {
      const disk = join(folder, String(number++))
      await mkdir(disk)
      await writeTree(tree, disk, from)
      await look(disk)
      await rm(disk, { recursive: true })
    },
  }
}
