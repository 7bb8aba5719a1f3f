import { isObjectKey, type OptionSchema, type OptionsSchema, RegistryError } from '@registry/core'

export const driverName = 'azure-blob'

/** Where the objects are, and how they are moved. */
export interface AzureBlobOptions {
  /** A connection string with an account key or a SAS; in place of `account` and `accountKey`. */
  readonly connectionString?: string | undefined
  readonly account?: string | undefined
  readonly accountKey?: string | undefined
  /** URL of the blob service. Default: that of `account` in the public cloud. */
  readonly endpoint?: string | undefined
  /** Made where it is missing. */
  readonly container: string
  /** Beginning of every blob's name, followed by a slash. */
  readonly root?: string | undefined
  /** Bytes of one block. A smaller object is sent in one request. */
  readonly blockBytes?: number | undefined
  /** Requests that one call has under way at the same time. */
  readonly concurrency?: number | undefined
  /** The most bytes that one object may have. */
  readonly objectBytes?: number | undefined
  /** Milliseconds for one request with its retries, and for the next bytes of a body. */
  readonly requestTimeout?: number | undefined
  /** How often a request is repeated. */
  readonly retries?: number | undefined
}

/** The largest blob that Azure copies within one request. */
const copyBytes = 256 * 2 ** 20

export const optionsSchema: OptionsSchema = {
  connectionString: { type: 'string', secret: true, description: 'Connection string, in place of account and account_key.' },
  account: { type: 'string', description: 'Name of the storage account.' },
  accountKey: { type: 'string', secret: true, description: 'One of the two keys of the account.' },
  endpoint: { type: 'string', description: 'URL of the blob service, where it is not https://ACCOUNT.blob.core.windows.net.' },
  container: { type: 'string', required: true, description: 'Container of the objects, made where it is missing.' },
  root: { type: 'string', default: 'registry', description: 'Beginning of the names of all blobs.' },
  blockBytes: { type: 'integer', default: 8 * 2 ** 20, minimum: 65_536, maximum: copyBytes, description: 'Bytes of one block of a large object.' },
  concurrency: { type: 'integer', default: 4, minimum: 1, maximum: 64, description: 'Blocks that one upload sends at the same time.' },
  objectBytes: { type: 'integer', default: copyBytes, minimum: 1, maximum: copyBytes, description: 'The most bytes that one object may have.' },
  requestTimeout: { type: 'integer', default: 60_000, minimum: 1, description: 'Milliseconds for one request with its retries.' },
  retries: { type: 'integer', default: 3, minimum: 0, maximum: 20, description: 'How often a request is repeated.' },
}

/** The options with their defaults. */
export interface CheckedOptions extends AzureBlobOptions {
  readonly root: string
  readonly blockBytes: number
  readonly concurrency: number
  readonly objectBytes: number
  readonly requestTimeout: number
  readonly retries: number
}

/**
 * @throws `CONFIG` where an option is missing or is not what its schema says
 */
export function checkOptions(given: AzureBlobOptions): CheckedOptions {
  const defined = Object.entries(given).filter(([, value]) => value !== undefined)
  const defaults = Object.entries(optionsSchema).flatMap(([name, schema]) => 'default' in schema ? [[name, schema.default] as const] : [])
  const options = { ...Object.fromEntries(defaults), ...Object.fromEntries(defined) } as unknown as CheckedOptions
  for (const [name, schema] of Object.entries(optionsSchema)) checkOption(name, schema, options[name as keyof AzureBlobOptions])
  if (!/^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(options.container)) {
    throw wrong('container has to be 3 to 63 of a-z, 0-9 and single hyphens inside')
  }
  if (options.root !== '' && (!isObjectKey(options.root) || options.root.length > 100)) {
    throw wrong('root has to be segments of a-z 0-9 . _ - ! joined by slashes, at most 100 bytes, or empty')
  }
  checkAccess(options)
  return options
}

function checkOption(name: string, { type, required, minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: OptionSchema, value: unknown): void {
  if (value === undefined) {
    if (required) throw wrong(`${name} is missing`)
    return
  }
  if (type === 'string' && typeof value !== 'string') throw wrong(`${name} has to be a text`)
  if (type !== 'integer') return
  if (!Number.isSafeInteger(value) || Number(value) < minimum || Number(value) > maximum) {
    throw wrong(`${name} has to be a whole number from ${minimum} to ${maximum}, and is ${JSON.stringify(value)}`)
  }
}

function checkAccess({ connectionString, account, accountKey, endpoint }: AzureBlobOptions): void {
  if (connectionString !== undefined) {
    if (account === undefined && accountKey === undefined && endpoint === undefined) return
    throw wrong('connectionString says it all: leave out account, accountKey and endpoint, or give these alone')
  }
  if (account === undefined || accountKey === undefined) throw wrong('give connectionString, or account and accountKey')
  if (!isBase64(accountKey)) throw wrong('accountKey has to be base64, as the portal shows it')
  if (endpoint !== undefined && !isUrl(endpoint)) throw wrong('endpoint has to be a URL of http or https')
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function isBase64(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64').toString('base64') === text
}

function wrong(message: string): RegistryError {
  return new RegistryError('CONFIG', message, { driver: driverName, operation: 'open' })
}
