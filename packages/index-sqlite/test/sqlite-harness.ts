import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Index, IndexLimits } from '@registry/core'
import type { Harness, Schemas } from '@registry/core/conformance'
import { openDatabase } from '../src/database.js'
import { sqliteIndex } from '../src/index.js'
import { schema } from '../src/schema.js'
import { openIndex } from '../src/sqlite-index.js'
import { plantZero, schemaWithZero } from './schema-zero.js'

/** An empty directory of its own for each case. */
export function sqliteHarness(limits?: Partial<IndexLimits>): Harness<Index> {
  return async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'registry-index-sqlite-'))
    const file = path.join(directory, 'index.sqlite')
    return {
      open: async () => openIndex({ file, limits, onMigration: () => undefined }, schemaWithZero),
      destroy: async () => {
        await rm(directory, { recursive: true })
      },
      schemas: schemasOf(directory, file),
    }
  }
}

function schemasOf(directory: string, file: string): Schemas {
  return {
    async older(facts) {
      plantZero(file, facts)
    },
    async newer() {
      await (await sqliteIndex({ file })).close()
      const database = openDatabase(file, 0)
      database.exec(`ALTER TABLE entries ADD COLUMN later TEXT; PRAGMA user_version = ${schema.version + 1}`)
      database.close()
    },
    async restore() {
      await rename(`${file}.before-0`, file)
    },
    async fingerprint() {
      const names = (await readdir(directory)).sort()
      const hashes = names.map(async (name) => `${name} ${createHash('sha256').update(await readFile(path.join(directory, name))).digest('hex')}`)
      return (await Promise.all(hashes)).join('\n')
    },
  }
}
