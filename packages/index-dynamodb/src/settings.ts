import { configError } from './config-error.js'
import type { DynamodbIndexOptions } from './dynamodb-index-options.js'

/** An hour. */
export const longestTimeout = 3_600_000
/** Half of the time for which DynamoDB recognises a transaction that is sent again. */
export const longestRetryTimeout = 300_000

/** How tables are created. */
export interface TableSettings {
  /** Units per second of the table of entries; `undefined` where each request is paid for. */
  readonly capacity: { readonly read: number; readonly write: number } | undefined
  readonly pointInTimeRecovery: boolean
  readonly deletionProtection: boolean
  readonly timeout: number
}

/** The options, with everything decided. */
export interface Settings {
  readonly entryTable: string
  readonly versionTable: string
  readonly region: string | undefined
  readonly endpoint: URL | undefined
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string } | undefined
  readonly tables: TableSettings
  readonly connectTimeout: number
  readonly requestTimeout: number
  readonly retryTimeout: number
}

/** @throws `CONFIG` where an option is wrong, or does not go with another */
export function settingsOf(options: DynamodbIndexOptions): Settings {
  const database = options.database || 'docker-registry'
  const entryTable = tableName('repositoryTable', options.repositoryTable || `${database}-repository`)
  const versionTable = tableName('versionTable', options.versionTable || `${database}-version`)
  if (entryTable === versionTable) throw configError(`versionTable: expected another table than repositoryTable, got ${entryTable} for both`)
  return {
    entryTable,
    versionTable,
    region: options.region ? regionOf(options.region) : undefined,
    endpoint: options.endpoint ? endpointOf(options.endpoint) : undefined,
    credentials: credentialsOf(options),
    tables: {
      capacity: capacityOf(options),
      pointInTimeRecovery: options.pointInTimeRecovery ?? false,
      deletionProtection: options.deletionProtection ?? false,
      timeout: whole('tableTimeout', options.tableTimeout ?? 300_000, 1, 24 * longestTimeout),
    },
    connectTimeout: whole('connectTimeout', options.connectTimeout ?? 2000, 1, longestTimeout),
    requestTimeout: whole('requestTimeout', options.requestTimeout ?? 5000, 1, longestTimeout),
    retryTimeout: whole('retryTimeout', options.retryTimeout ?? 15_000, 0, longestRetryTimeout),
  }
}

function tableName(option: string, name: string): string {
  if (/^[A-Za-z0-9_.-]{3,255}$/.test(name)) return name
  throw configError(`${option}: expected the name of a table, 3 to 255 letters, digits, underscores, dots and hyphens, got ${JSON.stringify(name)}`)
}

function regionOf(name: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)) return name
  throw configError(`region: expected the name of a region, such as eu-central-1, got ${JSON.stringify(name)}`)
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.password && !url.search && !url.hash) return url
  // What stands before an @ may be a password, and so may what a query holds.
  const shown = text.replace(/^([a-z+.-]*:\/\/)?.*@/is, '$1********@').replace(/([?#]).*$/s, '$1********')
  throw configError(`endpoint: expected a URL such as http://127.0.0.1:8000, without a user, ? and #, got ${JSON.stringify(shown)}`)
}

function credentialsOf({ accessKey, secretAccessKey, sessionToken }: DynamodbIndexOptions): Settings['credentials'] {
  if (!accessKey && !secretAccessKey) {
    if (sessionToken) throw configError('sessionToken: expected accessKey and secretAccessKey beside it, got neither')
    return undefined
  }
  if (!accessKey) throw configError('accessKey: expected one beside secretAccessKey, got none')
  if (!secretAccessKey) throw configError('secretAccessKey: expected one beside accessKey, got none')
  return { accessKeyId: accessKey, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}

function capacityOf({ billing = 'on-demand', readCapacity, writeCapacity }: DynamodbIndexOptions): TableSettings['capacity'] {
  if (billing === 'on-demand') {
    const given = readCapacity === undefined ? 'writeCapacity' : 'readCapacity'
    if (readCapacity !== undefined || writeCapacity !== undefined) throw configError(`${given}: expected billing provisioned beside it, got on-demand`)
    return undefined
  }
  if (readCapacity === undefined) throw configError('readCapacity: expected one beside billing provisioned, got none')
  if (writeCapacity === undefined) throw configError('writeCapacity: expected one beside billing provisioned, got none')
  return { read: whole('readCapacity', readCapacity, 1), write: whole('writeCapacity', writeCapacity, 1) }
}

function whole(name: string, value: number, minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value
  const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum} up` : `from ${minimum} to ${maximum}`
  throw configError(`${name}: expected a whole number ${range}, got ${value}`)
}
