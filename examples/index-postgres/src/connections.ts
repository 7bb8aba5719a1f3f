import { setTimeout as delay } from 'node:timers/promises'
import { messageOf, RegistryError } from '@registry/core'
import { Client, Pool } from 'pg'
import type { ClientConfig, PoolClient, QueryResultRow } from 'pg'
import { isLost, isPassing } from './failures.js'
import type { PostgresIndexOptions } from './options.js'

/** Sends one statement, and gives its rows. */
export type Query = <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<readonly Row[]>

/** What an attempt tells: `onLost` is called where a statement was sent whose answer did not come. */
export interface Attempt {
  readonly signal: AbortSignal
  readonly onLost?: () => void
}

/** Milliseconds to wait before the attempts behind the first. */
const pauses = [20, 100, 500]

/** The pool of one index. */
export class Connections {
  readonly #pool: Pool

  constructor({ url, password, caFile, connections = 10, connectTimeout = 5000, statementTimeout = 30_000 }: PostgresIndexOptions) {
    /** The pool's own timeout would also count the wait for a connection that is in use. */
    class TimedClient extends Client {
      constructor(config?: ClientConfig) {
        super({ ...config, connectionTimeoutMillis: connectTimeout })
      }
    }
    const tls = caFile === undefined ? '' : `${url.includes('?') ? '&' : '?'}sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`
    const config = { connectionString: url + tls, ...(password === undefined ? {} : { password }) }
    assertReadable(config)
    this.#pool = new Pool({
      ...config, Client: TimedClient, max: connections, keepAlive: true,
      application_name: 'registry-index-postgres', options: '-c default_transaction_isolation=read\\ committed',
      statement_timeout: statementTimeout, query_timeout: statementTimeout + connectTimeout,
    })
    this.#pool.on('error', ignore)
    this.#pool.on('connect', (client) => client.on('error', ignore))
  }

  /** One statement, which is a transaction of its own. */
  query<Row extends QueryResultRow>(attempt: Attempt, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.withClient(attempt, async (client) => (await client.query<Row>(text, [...values])).rows)
  }

  /** A connection, which goes back to the pool unless it is broken. */
  async withClient<Value>({ signal, onLost }: Attempt, work: (client: PoolClient) => Promise<Value>): Promise<Value> {
    signal.throwIfAborted()
    const client = await this.#pool.connect()
    let failure: unknown
    try {
      signal.throwIfAborted()
      return await work(client)
    } catch (error) {
      failure = error
      if (isLost(error)) onLost?.()
      throw error
    } finally {
      client.release(isPassing(failure))
    }
  }

  close(): Promise<void> {
    return this.#pool.end()
  }
}

/** A client reads the URL, and the file of certificates that it names, when it is made: the pool would do that at the first call. */
function assertReadable(config: ClientConfig): void {
  try {
    new Client(config)
  } catch (cause) {
    // No cause: the error of an invalid URL carries the URL with its password.
    throw new RegistryError('CONFIG', `url or caFile cannot be read: ${messageOf(cause)}; use postgres://user:password@host:port/database`, {
      driver: 'postgres', operation: 'open',
    })
  }
}

/** Repeats what failed for a reason that passes. `work` hears how often it was called before. */
export async function withRetries<Value>(signal: AbortSignal, work: (before: number) => Promise<Value>): Promise<Value> {
  for (let before = 0; ; before++) {
    try {
      return await work(before)
    } catch (error) {
      const pause = pauses[before]
      if (!isPassing(error) || pause === undefined) throw error
      await delay(pause, undefined, { signal })
    }
  }
}

/** A lost connection fails the statement that it has; without one nobody needs to know. */
function ignore(): void {}
