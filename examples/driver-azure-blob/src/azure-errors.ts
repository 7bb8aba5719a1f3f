import { RestError } from '@azure/storage-blob'
import { type ErrorCode, isNetworkError, isTlsError, messageOf, RegistryError } from '@registry/core'
import { driverName } from './options.js'

/** What an error is about. */
export interface Place {
  readonly operation: string
  readonly key?: string | undefined
  readonly outcome?: 'unknown' | undefined
}

/** A blob is absent, and its container and account are there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404 && serviceCode(error) === 'BlobNotFound'
}

export function isContainerMissing(error: unknown): boolean {
  return error instanceof RestError && serviceCode(error) === 'ContainerNotFound'
}

/** The error of the contract for one of the SDK; what is not understood stays as it is. */
export function told(cause: unknown, place: Place): unknown {
  if (RegistryError.is(cause)) return cause
  const code = codeOf(cause, place) ?? (place.outcome && 'INTERNAL')
  if (!code) return cause
  // An answer that refuses leaves nothing open; one that got lost does.
  const outcome = code === 'UNAVAILABLE' || code === 'INTERNAL' ? place.outcome : undefined
  const words = [messageOf(cause).split('\n')[0], hintOf(cause)].filter(Boolean).join(': ')
  return new RegistryError(code, `${place.operation}${place.key === undefined ? '' : ` of ${place.key}`}: ${words}`, {
    driver: driverName, operation: place.operation, key: place.key, outcome, cause,
  })
}

function codeOf(cause: unknown, { key }: Place): ErrorCode | undefined {
  if (isTlsError(cause)) return 'CONFIG'
  // Aborts of ours are told before this; the SDK takes a connection that breaks in the middle of a body for one.
  if (cause instanceof Error && cause.name === 'AbortError') return 'UNAVAILABLE'
  if (!(cause instanceof RestError)) return isNetworkError(cause) ? 'UNAVAILABLE' : undefined
  if (isContainerMissing(cause)) return 'CONFIG'
  const { statusCode } = cause
  if (statusCode === undefined) return isNetworkError(cause) || cause.code === RestError.REQUEST_SEND_ERROR ? 'UNAVAILABLE' : undefined
  if (statusCode === 401 || statusCode === 403) return 'ACCESS_DENIED'
  if (statusCode === 404) return key === undefined ? 'CONFIG' : 'NOT_FOUND'
  if (statusCode === 413) return 'LIMIT_EXCEEDED'
  if (statusCode === 507) return 'NO_SPACE'
  if (statusCode === 408 || statusCode === 412 || statusCode === 429 || statusCode >= 500) return 'UNAVAILABLE'
  return serviceCode(cause) === 'ContainerBeingDeleted' ? 'UNAVAILABLE' : undefined
}

function hintOf(cause: unknown): string {
  if (isContainerMissing(cause)) return 'the container was deleted; the driver makes it when it is opened'
  if (cause instanceof RestError && cause.statusCode === 403) return 'check the key and the permissions'
  return ''
}

function serviceCode(error: RestError): string | undefined {
  const details = error.details as { readonly errorCode?: string } | undefined
  return details?.errorCode ?? error.code
}
