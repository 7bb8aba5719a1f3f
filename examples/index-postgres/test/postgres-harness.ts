import { randomUUID } from 'node:crypto'
import type { Index } from '@registry/core'
import type { Harness, Schemas } from '@registry/core/conformance'
import { Client } from 'pg'
import { postgresIndex } from '../src/index.js'

/** A schema for each case, dropped behind it. */
export const postgresHarness = (url: string): Harness<Index> => async () => {
  const schema = newSchema()
  const open = (): Promise<Index> => postgresIndex({ url, schema })
  return { open, destroy: () => dropSchema(url, schema), schemas: schemasIn(url, schema, open) }
}

/** A first release: there is nothing older. */
function schemasIn(url: string, schema: string, open: () => Promise<Index>): Schemas {
  return {
    async newer() {
      await (await open()).close()
      await withAdministrator(url, (client) => client.query(`ALTER TABLE ${schema}.entries ADD COLUMN later text; UPDATE ${schema}.version SET version = 2`))
    },
    fingerprint: () => withAdministrator(url, async (client) => {
      const { rows } = await client.query<{ readonly stored: string }>('SELECT schema_to_xml($1, true, false, $2)::text AS stored', [schema, ''])
      return rows[0]?.stored ?? ''
    }),
  }
}

export function newSchema(): string {
  return `case_${randomUUID().replaceAll('-', '')}`
}

export async function dropSchema(url: string, schema: string): Promise<void> {
  await withAdministrator(url, (client) => client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`))
}

/** Work on a connection of its own. */
export async function withAdministrator<Value>(url: string, work: (client: Client) => Promise<Value>): Promise<Value> {
  const client = new Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
