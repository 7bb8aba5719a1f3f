import type { OptionsSchema } from '@registry/core'

export interface PostgresIndexOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** Password, where it is not to stand in the URL. */
  readonly password?: string | undefined
  /** Schema of PostgreSQL, made where it is missing. Default `registry`. */
  readonly schema?: string | undefined
  /** The most connections that are open at the same time. Default 10. */
  readonly connections?: number | undefined
  /** Milliseconds. Default 5,000. */
  readonly connectTimeout?: number | undefined
  /** Milliseconds. Default 30,000. */
  readonly statementTimeout?: number | undefined
  /** File with the certificates, in PEM, that the server's has to come from. */
  readonly caFile?: string | undefined
}

export const options: OptionsSchema = {
  url: { type: 'string', required: true, secret: true, description: 'URL of the database: postgres://user:password@host:port/database.' },
  password: { type: 'string', secret: true, description: 'Password, where it is not to stand in the URL.' },
  schema: { type: 'string', default: 'registry', description: 'Schema of PostgreSQL, made where it is missing.' },
  connections: { type: 'integer', default: 10, minimum: 1, maximum: 1000, description: 'The most connections that are open at the same time.' },
  connectTimeout: { type: 'integer', default: 5000, minimum: 1, maximum: 600_000, description: 'Milliseconds to wait for a connection.' },
  statementTimeout: { type: 'integer', default: 30_000, minimum: 1, maximum: 3_600_000, description: 'Milliseconds to wait for a statement.' },
  caFile: { type: 'path', description: 'File with the certificates, in PEM, that the certificate of the server has to come from.' },
}
