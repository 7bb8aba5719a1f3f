import { isNetworkError, messageOf as plainMessageOf, RegistryError, type ErrorCode } from '@registry/core'
import type { Settings, Storing } from './settings.js'

/** What a request was for. */
export interface S3Call {
  readonly operation: string
  readonly key?: string | undefined
  /** `unknown` where, if its answer is lost, a write may or may not have happened. */
  readonly outcome?: 'unknown'
}

const byName: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  NoSuchKey: ['NOT_FOUND', 'there is no such object'],
  NotFound: ['NOT_FOUND', 'there is no such object'],
  // Somebody gave them up: a rule of the bucket, or a sweep of a process whose clock is wrong.
  NoSuchUpload: ['UNAVAILABLE', 'its parts are gone'],
  NoSuchBucket: ['CONFIG', 'there is no such bucket'],
  PermanentRedirect: ['CONFIG', 'the bucket is in another region'],
  AuthorizationHeaderMalformed: ['CONFIG', 'the bucket is in another region'],
  InvalidRange: ['RANGE_INVALID', 'the range does not lie in the object'],
  EntityTooLarge: ['LIMIT_EXCEEDED', 'the store takes no object of that size'],
  QuotaExceeded: ['NO_SPACE', 'the quota is used up'],
  XMinioStorageFull: ['NO_SPACE', 'the store is full'],
  InsufficientCapacity: ['NO_SPACE', 'the store is full'],
  AccessDenied: ['ACCESS_DENIED', 'the credentials do not allow it'],
  AllAccessDisabled: ['ACCESS_DENIED', 'the store refuses all access'],
  InvalidAccessKeyId: ['ACCESS_DENIED', 'the store does not know the access key'],
  SignatureDoesNotMatch: ['ACCESS_DENIED', 'the secret key is not that of the access key'],
  ExpiredToken: ['ACCESS_DENIED', 'the credentials have expired'],
  InvalidToken: ['ACCESS_DENIED', 'the session token is not valid'],
  CredentialsProviderError: ['ACCESS_DENIED', 'there are no credentials'],
  RequestTimeTooSkewed: ['ACCESS_DENIED', 'the clock of this machine is wrong'],
  InvalidObjectState: ['UNSUPPORTED', 'the object was archived: its storage class cannot be read at once'],
  NotImplemented: ['UNSUPPORTED', 'the store does not do that'],
  OperationAborted: ['UNAVAILABLE', 'another request is at work on it'],
  RequestTimeout: ['UNAVAILABLE', 'the store waited too long for the body'],
  TimeoutError: ['UNAVAILABLE', 'the store did not answer in time'],
  AbortError: ['UNAVAILABLE', 'the store did not answer in time'],
  SlowDown: ['UNAVAILABLE', 'the store asks to slow down'],
}

const byStatus: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  301: ['CONFIG', 'the bucket is in another region'],
  401: ['ACCESS_DENIED', 'the store refused the credentials'],
  403: ['ACCESS_DENIED', 'the credentials do not allow it'],
  409: ['UNAVAILABLE', 'another request is at work on it'],
  413: ['LIMIT_EXCEEDED', 'the store takes no object of that size'],
  416: ['RANGE_INVALID', 'the range does not lie in the object'],
  429: ['UNAVAILABLE', 'the store asks to slow down'],
  501: ['UNSUPPORTED', 'the store does not do that'],
  507: ['NO_SPACE', 'the store is full'],
}

/** The error for a request that failed with `cause`, behind the SDK's retries. */
export function s3Error(cause: unknown, { bucket, storing }: Pick<Settings, 'bucket' | 'storing'>, { operation, key, outcome }: S3Call): RegistryError {
  if (RegistryError.is(cause)) return cause
  const [code, reason] = operation === 'put' ? (refusedStoring(cause, storing) ?? meaningOf(cause)) : meaningOf(cause)
  const what = key === undefined ? `${operation} in bucket ${bucket}` : `${operation} ${key} in bucket ${bucket}`
  // A refusal is certain. Only what broke, or broke down, may have happened all the same.
  const isOpen = ['UNAVAILABLE', 'INTERNAL'].includes(code)
  return new RegistryError(code, `${what}: ${reason}`, { driver: 's3', operation, key, outcome: isOpen ? outcome : undefined, cause })
}

/** A store that does not know how it is to store an object says only that the request is wrong. */
function refusedStoring(cause: unknown, storing: Storing): readonly [ErrorCode, string] | undefined {
  const { ServerSideEncryption: encryption, StorageClass: storageClass } = storing
  const asked = [encryption && `encryption ${encryption}`, storageClass && `storageClass ${storageClass}`].filter(Boolean)
  const isOfThem = /^(?:Invalid(?:Request|Argument|StorageClass|EncryptionAlgorithmError)|NotImplemented|KMS\..*)$/.test(nameOf(cause))
  return isOfThem && asked.length > 0 ? ['CONFIG', `the store refuses ${asked.join(' and ')} (${nameOf(cause)})`] : undefined
}

function meaningOf(cause: unknown): readonly [ErrorCode, string] {
  const name = nameOf(cause)
  const status = statusOf(cause)
  const known = byName[name] ?? byStatus[status ?? 0]
  if (known) return known
  const said = messageOf(cause)
  if (status !== undefined && status >= 500) return ['UNAVAILABLE', `the store answered ${status}${name ? ` ${name}` : ''}`]
  if (isNetworkError(cause)) return ['UNAVAILABLE', `the store could not be reached: ${said}`]
  // Half an answer is no XML.
  if (status !== undefined && status < 300) return ['UNAVAILABLE', `the answer cannot be read: ${said}`]
  // So the SDK calls what the store did not explain.
  const explained = said === 'UnknownError' ? '' : said
  return ['INTERNAL', [name === 'Error' ? '' : name, explained].filter(Boolean).join(': ')]
}

/** The code of the store, such as `NoSuchKey`, or the name of the SDK's own error. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined
  const { httpStatusCode } = error.$metadata as { httpStatusCode?: number }
  return httpStatusCode
}

/** What an error says, without who says it and what programmers can do, which the SDK adds. */
export function messageOf(error: unknown): string {
  return plainMessageOf(error).replace(/^@smithy\S* - (?:\[ERROR\] )?/, '').replace(/\s*Deserialization error: to see.*/, '')
}
