import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isRequired, type Need } from './describe-with.js'

const versions = '/usr/lib/postgresql'

/** Where a program of PostgreSQL is: Debian has only those of clients in the path. */
export function programOf(name: string): string | undefined {
  const installed = existsSync(versions) ? readdirSync(versions).map((version) => join(versions, version, 'bin')) : []
  return [...(process.env['PATH'] ?? '').split(delimiter), ...installed].map((folder) => join(folder, name)).find((file) => existsSync(file))
}

export const postgres: Need = { name: 'postgres', isThere: () => programOf('initdb') !== undefined, remedy: 'apt-get install postgresql' }

/** Whether tests run: where it is required and not there, they fail. */
export function isPostgresNeeded(): boolean {
  return postgres.isThere() || isRequired(postgres.name)
}
