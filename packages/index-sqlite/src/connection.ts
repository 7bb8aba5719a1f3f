import { type Database, openDatabase } from './database.js'
import { fileError, translated } from './errors.js'
import { createFile } from './file.js'
import type { Migrated } from './migration.js'
import { prepareSchema } from './prepare-schema.js'
import { schema as released, type Schema } from './schema.js'

export interface ConnectOptions {
  readonly schema?: Schema | undefined
  readonly onMigration?: ((migrated: Migrated) => void) | undefined
}

/**
 * Opens the database in `file`, ready for use: created where it was missing, migrated where it was older, every commit durable.
 *
 * @throws `CONFIG`, `UNSUPPORTED`, `CORRUPT`, `ACCESS_DENIED`, `NO_SPACE`, `UNAVAILABLE`, `INTERNAL`
 */
export async function connect(file: string, busyTimeout: number, { schema = released, onMigration }: ConnectOptions = {}): Promise<Database> {
  try {
    await createFile(file)
    const database = openDatabase(file, busyTimeout)
    try {
      // Damage is seen where a page is read, before something is written because of it.
      database.pragma('cell_size_check = ON')
      database.pragma('synchronous = FULL')
      // KiB, negated. What searches among 100,000 texts read again and again fits in it.
      database.pragma('cache_size = -8192')
      // Before the log is switched on, since a file of another program must stay as it is.
      const migrated = prepareSchema(database, file, schema)
      const mode = database.pragma('journal_mode = WAL')
      if (mode !== 'wal') throw fileError(file, 'UNSUPPORTED', 'its file system does not let SQLite keep a log', 'use a local disk', { operation: 'open' })
      if (migrated !== undefined) onMigration?.(migrated)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw translated(error, file, 'open')
  }
}
