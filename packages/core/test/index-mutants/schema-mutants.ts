import { setImmediate } from 'node:timers/promises'
import { RegistryError } from '../../src/errors.js'
import { memoryIndex } from '../../src/memory/index.js'
import { type IndexMutant, limits } from './mutant.js'
import { type Opening, type VersionedData, versionedHarness } from './versioned-index.js'

/** A mutant whose data has a version, and that opens it wrongly. */
function opening(id: string, breaks: string, change: Partial<Opening>): IndexMutant {
  return { id, breaks, harness: versionedHarness(change) }
}

async function migrate(data: VersionedData, list = data.list): Promise<void> {
  await memoryIndex({ storage: data.storage, limits }).commit(list)
}

export const schemaMutants: readonly IndexMutant[] = [
  opening('older-unseen', 'data of an older release is passed over', { migrate: async () => {} }),
  opening('older-refused', 'data of an older release is refused', {
    check({ version }) {
      if (version !== 1) throw new RegistryError('UNSUPPORTED', 'another version')
    },
  }),
  opening('texts-left-behind', 'a migration loses texts', {
    async migrate(data) {
      await migrate(data, data.list.map((put) => ({ ...put, text: undefined })))
      data.version = 1
    },
  }),
  opening('migrates-again', 'data is migrated each time it is opened', { migrate }),
  opening('without-copy', 'data is migrated without a copy', { copy: () => undefined }),
  opening('copy-lives-on', 'what is kept as a copy is the data itself', {
    copy(data) {
      data.copy = () => data
    },
  }),
  opening('migrated-by-each', 'each of those that open data together migrates it', {
    lock: async (_, body) => body(),
    migrate: (() => {
      let openers = 0
      return async (data: VersionedData) => {
        for (let turns = ++openers; turns > 0; turns--) await setImmediate()
        await migrate(data)
        data.version = 1
        openers--
      }
    })(),
  }),
  opening('newer-opened', 'data of a newer release is opened', { check: () => undefined }),
  opening('newer-corrupt', 'data of a newer release is taken for damage', {
    check({ version }) {
      if (version > 1) throw new RegistryError('CORRUPT', 'damaged')
    },
  }),
  opening('newer-reset', 'data of a newer release is refused, and begun anew', {
    check(data) {
      if (data.version <= 1) return
      data.version = 1
      throw new RegistryError('UNSUPPORTED', 'a newer version')
    },
  }),
]
