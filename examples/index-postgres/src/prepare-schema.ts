import { RegistryError } from '@registry/core'
import type { PoolClient } from 'pg'
import { applyChanges } from './apply-changes.js'
import { tables } from './tables.js'

interface State {
  readonly encoding: string
  readonly made: boolean
  readonly trigrams: string | null
  /** Whether the index of trigrams is there, or would be another user's to make. */
  readonly indexed: boolean
}

/** The version of the data that this release knows. */
const knownVersion = 1

/**
 * Makes what is missing. Of several processes one does.
 *
 * @throws `UNSUPPORTED` for data of a newer release, and for a database that is not in UTF-8
 */
export async function prepareSchema(client: PoolClient, schema: string): Promise<void> {
  const state = await look(client, schema)
  if (state.encoding !== 'UTF8') {
    throw new RegistryError('UNSUPPORTED', `the database has the encoding ${state.encoding}; make one with the encoding UTF8`, { driver: 'postgres' })
  }
  if (state.made) await checkVersion(client, schema)
  if (state.made && (state.indexed || !state.trigrams)) return
  await client.query('BEGIN')
  try {
    await client.query("SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(hashtext('registry-index-postgres'))")
    await make(client, schema, await look(client, schema))
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function make(client: PoolClient, schema: string, { made, trigrams, indexed }: State): Promise<void> {
  if (made) await checkVersion(client, schema)
  else await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}; ${tables(schema)}; ${applyChanges(schema)}`)
  if (!trigrams || indexed) return
  await client.query(`CREATE INDEX entries_trigrams ON ${schema}.entries USING gin (text ${trigrams}.gin_trgm_ops) WHERE text IS NOT NULL`)
}

async function look(client: PoolClient, schema: string): Promise<State> {
  const { rows } = await client.query<State>(`SELECT current_setting('server_encoding') AS encoding,
    to_regclass('${schema}.version') IS NOT NULL AS made, to_regclass('${schema}.entries_trigrams') IS NOT NULL OR
      EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('${schema}.entries') AND NOT pg_has_role(relowner, 'USAGE')) AS indexed,
    (SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm') AS trigrams`)
  if (!rows[0]) throw new RegistryError('INTERNAL', 'the database did not tell its state', { driver: 'postgres' })
  return rows[0]
}

async function checkVersion(client: PoolClient, schema: string): Promise<void> {
  const { rows } = await client.query<{ readonly version: number }>(`SELECT version FROM ${schema}.version`)
  if (rows.length === 1 && rows[0]?.version === knownVersion) return
  throw new RegistryError('UNSUPPORTED', `the schema ${schema} has version ${rows[0]?.version}, and this release knows ${knownVersion}; update it`, {
    driver: 'postgres',
  })
}
