import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Driver, Index } from '@registry/core'
import { fileDriver } from '@registry/driver-file'
import { sqliteIndex } from '@registry/index-sqlite'
import { absent } from './ledger.js'
import type { Preparation } from './prepared-disk.js'

/** One driver or one index alone, on a disk of its own. */
export interface Contract {
  readonly name: string
  /** The program that uses it, and tells what is done. */
  readonly program: 'driver-work' | 'index-work'
  /** The package that has it, and what it is opened with. */
  readonly package: string
  options(disk: string): object
  readonly before: Preparation
  /** Opens it on a disk: what does it show of a thing? And can it be written? */
  open(disk: string): Promise<OpenContract>
}

export interface OpenContract extends AsyncDisposable {
  stateOf(thing: string): Promise<string>
  /** Writes something, and sees that it is there. */
  worksOn(): Promise<void>
}

const fresh: Preparation = { folders: [], links: {} }
/** Folders that a process has made which died before it could fsync them, and a link to the last. */
const unsynced: Preparation = { folders: ['real', 'real/deep'], links: { link: 'real/deep' } }

const file = (name: string, below: string, before: Preparation): Contract => ({
  name: `the file driver ${name}`,
  program: 'driver-work',
  package: '@registry/driver-file',
  options: (disk) => ({ root: join(disk, below) }),
  before,
  open: async (disk) => openDriver(await fileDriver({ root: join(disk, below) })),
})

const sqlite = (name: string, below: string, before: Preparation): Contract => ({
  name: `the SQLite index ${name}`,
  program: 'index-work',
  package: '@registry/index-sqlite',
  options: (disk) => ({ file: join(disk, below) }),
  before,
  open: async (disk) => openIndex(await sqliteIndex({ file: join(disk, below) })),
})

/** Every driver and index that has to keep what it told: a further one is one more line here. */
export const contracts: readonly Contract[] = [
  file('in new folders', 'made/by/driver', fresh),
  file('in folders that nobody has fsynced', 'real/deep/root', unsynced),
  file('behind a link', 'link', unsynced),
  sqlite('in new folders', 'made/by/index/file', fresh),
  sqlite('in folders that nobody has fsynced', 'real/deep/file', unsynced),
  sqlite('behind a link', 'link/file', unsynced),
]

function openDriver(driver: Driver): OpenContract {
  const stateOf = async (key: string): Promise<string> => {
    if ((await driver.head(key)) === undefined) return absent
    await using object = await driver.open(key)
    const hash = createHash('sha256')
    for await (const chunk of object.body) hash.update(chunk)
    return hash.digest('hex')
  }
  return {
    stateOf,
    async worksOn() {
      await driver.put('after/the/crash', bytes())
      if ((await stateOf('after/the/crash')) === absent) throw new Error('expected an object that was put after the crash, got none')
    },
    [Symbol.asyncDispose]: () => driver.close(),
  }
}

async function* bytes(): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from('bytes')
}

function openIndex(index: Index): OpenContract {
  const key = (sort: string): { partition: string; sort: string } => ({ partition: 'p', sort })
  const stateOf = async (sort: string): Promise<string> => {
    const [entry] = await index.get([key(sort)])
    return entry ? JSON.stringify(entry.value) : absent
  }
  return {
    stateOf,
    async worksOn() {
      await index.commit([{ op: 'put', key: key('after the crash'), value: true, text: 'crash' }])
      const { entries } = await index.search({ partition: 'p', text: 'crash' })
      if (entries.length !== 1) throw new Error(`expected one match for what was put after the crash, got ${entries.length}`)
    },
    [Symbol.asyncDispose]: () => index.close(),
  }
}
