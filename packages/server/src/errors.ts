import { type ErrorCode, RegistryError } from '@registry/core'
import { QueryError } from './query-error.js'

/** An error as HTTP shows it. @see distribution-spec, "Error Codes" */
export interface HttpError {
  readonly status: number
  readonly errors: readonly { readonly code: string; readonly message: string; readonly detail?: unknown }[]
  /** Seconds after which the client may try again. */
  readonly retryAfter?: number
}

/** Status and OCI code of each code. Codes that only drivers know say nothing to a client. */
const table: Readonly<Record<ErrorCode, readonly [status: number, code: string]>> = {
  NAME_INVALID: [400, 'NAME_INVALID'],
  TAG_INVALID: [400, 'TAG_INVALID'],
  DIGEST_INVALID: [400, 'DIGEST_INVALID'],
  MANIFEST_INVALID: [400, 'MANIFEST_INVALID'],
  DESCRIPTION_INVALID: [400, 'UNSUPPORTED'],
  MANIFEST_BLOB_UNKNOWN: [400, 'MANIFEST_BLOB_UNKNOWN'],
  SIZE_MISMATCH: [400, 'SIZE_INVALID'],
  NAME_UNKNOWN: [404, 'NAME_UNKNOWN'],
  MANIFEST_UNKNOWN: [404, 'MANIFEST_UNKNOWN'],
  BLOB_UNKNOWN: [404, 'BLOB_UNKNOWN'],
  BLOB_UPLOAD_UNKNOWN: [404, 'BLOB_UPLOAD_UNKNOWN'],
  IN_USE: [405, 'UNSUPPORTED'],
  DISABLED: [405, 'UNSUPPORTED'],
  DENIED: [403, 'DENIED'],
  TOO_LARGE: [413, 'SIZE_INVALID'],
  LIMIT_EXCEEDED: [413, 'SIZE_INVALID'],
  RANGE_INVALID: [416, 'BLOB_UPLOAD_INVALID'],
  TOO_MANY: [429, 'TOOMANYREQUESTS'],
  UNAVAILABLE: [503, 'UNAVAILABLE'],
  CLOSED: [503, 'UNAVAILABLE'],
  NO_SPACE: [507, 'NO_SPACE'],
  NOT_FOUND: [500, 'UNKNOWN'],
  CONFLICT: [500, 'UNKNOWN'],
  UNSUPPORTED: [500, 'UNKNOWN'],
  ACCESS_DENIED: [500, 'UNKNOWN'],
  CORRUPT: [500, 'UNKNOWN'],
  INTERNAL: [500, 'UNKNOWN'],
  CONFIG: [500, 'UNKNOWN'],
}

/** How long a client that is told to come again should wait. */
export const retryAfterSeconds = 5
const mostDetails = 100

/** @param requestId - what a client can name to whoever reads the log */
export function toHttpError(error: unknown, requestId: string): HttpError {
  if (error instanceof QueryError) return { status: 400, errors: [{ code: error.code, message: error.message }] }
  if (!RegistryError.is(error)) return internal('UNKNOWN', requestId)
  const [status, code] = table[error.code]
  if (status === 500) return internal(code, requestId)
  if (status === 503) {
    const message = reasonOf(error).reason === 'REBUILDING' ? 'the registry makes its index anew; try again in a while' : 'the registry cannot do this right now; try again'
    return { status, retryAfter: retryAfterSeconds, errors: [{ code, message }] }
  }
  if (status === 429) return { status, retryAfter: retryAfterSeconds, errors: [{ code, message: error.message }] }
  if (status === 507) return { status, errors: [{ code, message: 'the registry has no space left' }] }
  if (error.code === 'MANIFEST_BLOB_UNKNOWN' && Array.isArray(error.detail)) {
    // One error for each blob, which is what docker shows.
    return { status, errors: error.detail.slice(0, mostDetails).map((detail: unknown) => ({ code, message: 'blob unknown to the repository', detail })) }
  }
  return { status, errors: [{ code, message: error.message, ...(error.detail !== undefined && { detail: error.detail }) }] }
}

/** Why the registry cannot do anything now: what the error says of that, such as how far a rebuild is, else its code. */
export function reasonOf({ code, detail }: RegistryError): { readonly reason: unknown } {
  return typeof detail === 'object' && detail !== null && 'reason' in detail ? detail : { reason: code }
}

function internal(code: string, requestId: string): HttpError {
  return { status: 500, errors: [{ code, message: `the registry failed; its log says why under ${requestId}` }] }
}
