import { copyDatabase } from './copy.js'
import type { Database } from './database.js'
import { fileError, translated } from './errors.js'
import type { Schema } from './schema.js'

/** One step from the tables of a version to those of a later one. */
export interface Migration {
  readonly from: number
  readonly to: number
  readonly sql: string
}

/** What was migrated, and where the file as it was before is kept. */
export interface Migrated {
  /** Version of the schema that the file had, as `user_version` of the database. */
  readonly from: number
  /** Version of the schema that it has now: the one that this package writes. */
  readonly to: number
  /** A whole database, in the older schema. */
  readonly copy: string
}

/**
 * Brings the tables to the version of `schema`, after a copy. To be called inside of a write transaction, so that
 * nobody writes between copy and migration, and so that a step that fails changes nothing.
 *
 * @throws `UNSUPPORTED` where the version is newer, or so old that no step begins there
 * @throws `INTERNAL` where a step fails
 */
export function migrate(database: Database, file: string, schema: Schema): Migrated | undefined {
  const from = Number(database.pragma('user_version'))
  const steps = stepsFrom(from, file, schema)
  if (steps.length === 0) return undefined
  // One that is there is of an attempt that failed: the file has all that it has.
  const copy = `${file}.before-${from}`
  copyDatabase(file, copy)
  for (const step of steps) {
    run(database, file, step)
    database.pragma(`user_version = ${step.to}`)
  }
  return { from, to: schema.version, copy }
}

function stepsFrom(from: number, file: string, { version, migrations }: Schema): readonly Migration[] {
  const steps: Migration[] = []
  for (let at = from; at !== version; ) {
    const step = migrations.find((migration) => migration.from === at)
    if (step === undefined) {
      const todo = from > version ? 'use the version that wrote it, or a later one' : 'open it once with an earlier version that knows both'
      throw fileError(file, 'UNSUPPORTED', `it has schema version ${from}, and this version of @registry/index-sqlite knows ${version}`, todo, { operation: 'open' })
    }
    steps.push(step)
    at = step.to
  }
  return steps
}

function run(database: Database, file: string, { from, to, sql }: Migration): void {
  try {
    database.exec(sql)
  } catch (error) {
    // A full or failing disk is not the fault of the step.
    const cause = translated(error, file, 'open')
    if (cause !== error) throw cause
    const what = `it could not be migrated from schema version ${from} to ${to}, and nothing of it was changed`
    throw fileError(file, 'INTERNAL', what, 'use the version that wrote it, and report this', { operation: 'open', cause })
  }
}
