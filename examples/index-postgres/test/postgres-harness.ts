import { randomUUID } from 'node:crypto'
import type { Index } from '@registry/core'
import type { Harness } from '@registry/core/conformance'
import { Client } from 'pg'
import { postgresIndex } from '../src/index.js'

/** A schema for each case, dropped behind it. */
export const postgresHarness = (url: string): Harness<Index> => async () => {
  const schema = newSchema()
  return { open: () => postgresIndex({ url, schema }), destroy: () => dropSchema(url, schema) }
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
