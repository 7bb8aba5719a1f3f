import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Driver, Index } from '@registry/core'
import { fileDriver } from '@registry/driver-file'
import { sqliteIndex } from '@registry/index-sqlite'

export const main: string = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

/** Data that a registry serves in a process of its own. */
export interface Served {
  /** The command that serves the data of a disk, and says on stdout where it listens. */
  serve(disk: string): readonly string[]
}

/** A driver and an index that a registry keeps its data with, in a folder that stands for a disk. */
export interface Pair extends Served {
  readonly name: string
  /** The same data in this process. */
  open(disk: string): Promise<{ readonly driver: Driver; readonly index: Index }>
  /** Takes the index from the data, and leaves the objects. */
  loseIndex(disk: string): Promise<void>
}

/** Not the disk itself: a start has to see to it that the folders are durable as well. */
const folder = (disk: string): string => join(disk, 'srv', 'registry')

const indexFile = '@index.sqlite'

const fileAndSqlite: Pair = {
  name: 'file + sqlite',
  serve: (disk) => [process.execPath, main, 'serve', '--port', '0', '--storage-path', folder(disk), '--log-level', 'error'],
  async open(disk) {
    const root = folder(disk)
    return { driver: await fileDriver({ root }), index: await sqliteIndex({ file: join(root, indexFile) }) }
  },
  async loseIndex(disk) {
    for (const part of ['', '-wal', '-journal']) await rm(join(folder(disk), `${indexFile}${part}`), { force: true })
  },
}

/** Every pair that has to keep what it answered: a further one is one more line here. */
export const pairs: readonly Pair[] = [fileAndSqlite]
