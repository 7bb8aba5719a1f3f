import { RegistryError } from '@registry/core'
import { type Database, openDatabase } from './database.js'
import { createFile } from './file.js'
import { prepareSchema } from './schema.js'
import { translated } from './errors.js'

/**
 * Opens the database in `file`, ready for use: created where it was missing, every commit durable.
 *
 * @throws `CONFIG`, `UNSUPPORTED`, `CORRUPT`, `ACCESS_DENIED`, `NO_SPACE`, `UNAVAILABLE`
 */
export async function connect(file: string, busyTimeout: number): Promise<Database> {
  try {
    await createFile(file)
    const database = openDatabase(file, busyTimeout)
    try {
      // First, since a file of another program must stay as it is.
      prepareSchema(database, file)
      const mode = database.pragma('journal_mode = WAL')
      if (mode !== 'wal') throw new RegistryError('UNSUPPORTED', `${file}: its file system does not let SQLite keep a log; use a local disk`, { driver: 'sqlite', operation: 'open' })
      database.pragma('synchronous = FULL')
      return database
    } catch (error) {
      database.close()
      throw error
    }
  } catch (error) {
    throw translated(error, file, 'open')
  }
}
