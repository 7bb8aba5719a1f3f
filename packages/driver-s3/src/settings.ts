import { cloudfrontSigner, type CloudfrontSigner } from './cloudfront.js'
import { configError, urlOf } from './config-error.js'
import { endpointOf, isPathStyle } from './endpoint.js'
import { keyPrefixOf } from './key-prefix.js'
import { proxyOf } from './proxy.js'
import type { S3DriverOptions } from './s3-driver-options.js'

const mebibyte = 2 ** 20

/** How every object is stored. */
export interface Storing {
  readonly ServerSideEncryption?: 'AES256' | 'aws:kms'
  readonly SSEKMSKeyId?: string
  readonly StorageClass?: 'STANDARD'
}

/** The options, with everything decided. */
export interface Settings {
  readonly bucket: string
  readonly region: string | undefined
  readonly endpoint: URL | undefined
  readonly pathStyle: boolean
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string } | undefined
  /** Empty, or ends in a slash. */
  readonly keyPrefix: string
  readonly storing: Storing
  readonly checksums: 'WHEN_SUPPORTED' | 'WHEN_REQUIRED'
  readonly partBytes: number
  readonly concurrency: number
  readonly bufferBytes: number
  readonly objectBytes: number
  readonly connectTimeout: number
  readonly requestTimeout: number
  readonly retries: number
  readonly caFile: string | undefined
  readonly proxy: URL | undefined
  readonly redirectEndpoint: URL | undefined
  readonly cloudfront: CloudfrontSigner | undefined
}

/** @throws `CONFIG` where an option is missing, wrong, or does not go with another */
export function settingsOf(options: S3DriverOptions): Settings {
  const endpoint = endpointOf(options)
  const partBytes = whole('partBytes', options.partBytes ?? 8 * mebibyte, 5 * mebibyte, 5 * 2 ** 30)
  return {
    bucket: bucketOf(options),
    region: options.region || undefined,
    endpoint,
    pathStyle: isPathStyle(options, endpoint),
    credentials: credentialsOf(options),
    keyPrefix: keyPrefixOf(options.root ?? '/registry'),
    storing: storingOf(options),
    checksums: (options.checksums ?? (endpoint ? 'when-required' : 'when-supported')) === 'when-required' ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED',
    partBytes,
    concurrency: whole('concurrency', options.concurrency ?? 4, 1, 1000),
    bufferBytes: whole('bufferBytes', options.bufferBytes ?? Math.max(64 * mebibyte, 8 * partBytes), partBytes),
    objectBytes: whole('objectBytes', options.objectBytes ?? Math.min(8192 * partBytes, 5 * 2 ** 40), 1, Math.min(10_000 * partBytes, 5 * 2 ** 40)),
    connectTimeout: whole('connectTimeout', options.connectTimeout ?? 5000, 1),
    requestTimeout: whole('requestTimeout', options.requestTimeout ?? 60_000, 1),
    retries: whole('retries', options.retries ?? 4, 0, 100),
    caFile: options.caFile,
    proxy: proxyOf(options),
    redirectEndpoint: options.redirectEndpoint ? urlOf('redirectEndpoint', options.redirectEndpoint) : undefined,
    cloudfront: cloudfrontSigner(options),
  }
}

function bucketOf({ bucket }: S3DriverOptions): string {
  if (!bucket) throw configError('bucket: expected the name of a bucket, got none')
  if (/^[A-Za-z0-9._:/-]+$/.test(bucket) && /[^.]/.test(bucket)) return bucket
  throw configError(`bucket: expected the name of a bucket, got ${JSON.stringify(bucket)}`)
}

function credentialsOf({ accessKey, secretKey, sessionToken }: S3DriverOptions): Settings['credentials'] {
  if (!accessKey && !secretKey) {
    if (sessionToken) throw configError('sessionToken: expected accessKey and secretKey beside it, got neither')
    return undefined
  }
  if (!accessKey) throw configError('accessKey: expected one beside secretKey, got none')
  if (!secretKey) throw configError('secretKey: expected one beside accessKey, got none')
  return { accessKeyId: accessKey, secretAccessKey: secretKey, ...(sessionToken ? { sessionToken } : {}) }
}

function storingOf({ encryption, encrypt, kmsKey, storageClass }: S3DriverOptions): Storing {
  const kind = encryption ?? (kmsKey ? 'aws:kms' : encrypt ? 'AES256' : undefined)
  if (kmsKey && kind !== 'aws:kms') throw configError(`kmsKey: expected encryption aws:kms beside it, got ${kind}`)
  return {
    ...(kind ? { ServerSideEncryption: kind } : {}),
    ...(kmsKey ? { SSEKMSKeyId: kmsKey } : {}),
    // The SDK lists the classes of AWS; other stores have others.
    ...(storageClass ? { StorageClass: storageClass as 'STANDARD' } : {}),
  }
}

function whole(name: string, value: number, minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return value
  const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum} up` : `from ${minimum} to ${maximum}`
  throw configError(`${name}: expected a whole number ${range}, got ${value}`)
}
