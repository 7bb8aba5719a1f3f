import type { TestProject } from 'vitest/node'
import { Client } from 'pg'
import { makePostgres } from '@registry/services/postgres'
import { isPostgresNeeded } from '@registry/services/postgres-program'

declare module 'vitest' {
  interface ProvidedContext {
    /** A database with the extension pg_trgm. */
    readonly trigramsUrl: string
    /** The same server, and a database without it, where transactions are isolated otherwise by default. */
    readonly plainUrl: string
    /** File of the log of that server. */
    readonly logFile: string
  }
}

/** Starts one server for all test files; none where it is not there, and nobody requires it. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!isPostgresNeeded()) {
    for (const key of ['trigramsUrl', 'plainUrl', 'logFile'] as const) project.provide(key, '')
    return undefined
  }
  const server = await makePostgres()
  const client = new Client(server.url)
  await client.connect()
  await client.query('CREATE DATABASE plain')
  await client.query("ALTER DATABASE plain SET default_transaction_isolation = 'repeatable read'")
  await client.query('CREATE EXTENSION pg_trgm')
  await client.end()
  project.provide('trigramsUrl', server.url)
  project.provide('logFile', server.logFile)
  project.provide('plainUrl', server.url.replace(/postgres$/, 'plain'))
  return () => server.remove()
}
