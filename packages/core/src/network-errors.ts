/** The code of Node, such as `ECONNREFUSED`, also of the first of several addresses that were tried; empty where there is none. */
export function errnoOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errnoOf(error.errors[0])
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** What an error says, in one line. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  const said = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim()
  // OpenSSL says where in its own source it happened.
  return /SSL routines:[^:]*:([^:]+):/.exec(said)?.[1] ?? said
}

/** Whether a request failed on its way, there or back. */
export function isNetworkError(error: unknown): boolean {
  return /^E[A-Z]{3,}$|^EAI_|^ERR_STREAM_PREMATURE_CLOSE$|^ERR_SOCKET|^HPE_/.test(errnoOf(error)) || isTlsError(error) || messageOf(error) === 'aborted'
}

/** Whether a connection failed because of a certificate, or of what the other side says instead of TLS. */
export function isTlsError(error: unknown): boolean {
  return /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|^UNABLE_TO_/.test(errnoOf(error))
}
