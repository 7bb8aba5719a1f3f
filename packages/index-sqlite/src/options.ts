import path from 'node:path'
import { type IndexLimits, type OptionsSchema, RegistryError } from '@registry/core'
import type { Migrated } from './migration.js'

/** Where an index keeps its rows, and how it opens them. */
export interface SqliteIndexOptions {
  /** Path of the database file. It and its directory are made where they are missing. */
  readonly file: string
  /** Milliseconds to wait for another process that is writing. Default 5,000. */
  readonly busyTimeout?: number | undefined
  /** Lower limits than the default ones, for tests. */
  readonly limits?: Partial<IndexLimits> | undefined
  /** Is told when the file was migrated from an older schema. Default: a warning of the process. */
  readonly onMigration?: ((migrated: Migrated) => void) | undefined
}

/** The options as the configuration file spells them. */
export const optionsSchema: OptionsSchema = {
  file: { type: 'path', required: true, description: 'The database file. It and its folder are made where they are missing.' },
  busyTimeout: { type: 'integer', minimum: 0, maximum: 2_147_483_647, default: 5000, description: 'Milliseconds to wait for another process that is writing.' },
}

/** What one commit may hold without keeping every other writer waiting for long. */
export const defaultLimits: IndexLimits = { changes: 10_000, commitBytes: 64 * 2 ** 20, valueBytes: 8 * 2 ** 20, spread: 1 }

/** The options, checked and with their defaults. */
export function checkOptions({ file, busyTimeout = 5000, limits, onMigration = warn }: SqliteIndexOptions): {
  readonly file: string
  readonly busyTimeout: number
  readonly limits: IndexLimits
  readonly onMigration: (migrated: Migrated) => void
} {
  if (typeof file !== 'string' || file === '' || file === ':memory:' || file.includes('\0')) {
    throw invalid(`file has to be the path of a file, got ${JSON.stringify(file)}`)
  }
  if (!Number.isInteger(busyTimeout) || busyTimeout < 0 || busyTimeout > 2 ** 31 - 1) {
    throw invalid(`busyTimeout has to be a whole number of milliseconds, got ${JSON.stringify(busyTimeout)}`)
  }
  return { file: path.resolve(file), busyTimeout, limits: Object.freeze({ ...defaultLimits, ...limits }), onMigration }
}

/** Whoever opens the file without asking is to know where the older one is. */
function warn({ from, to, copy }: Migrated): void {
  process.emitWarning(`migrated the index from schema version ${from} to ${to}; ${copy} is the file as it was before`, { type: 'RegistryIndexMigration' })
}

function invalid(message: string): RegistryError {
  return new RegistryError('CONFIG', message, { driver: 'sqlite', operation: 'open' })
}
