/** The codes that the specification lists. */
export const specifiedCodes: readonly string[] = [
  'BLOB_UNKNOWN',
  'BLOB_UPLOAD_INVALID',
  'BLOB_UPLOAD_UNKNOWN',
  'DIGEST_INVALID',
  'MANIFEST_BLOB_UNKNOWN',
  'MANIFEST_INVALID',
  'MANIFEST_UNKNOWN',
  'NAME_INVALID',
  'NAME_UNKNOWN',
  'SIZE_INVALID',
  'UNAUTHORIZED',
  'DENIED',
  'UNSUPPORTED',
  'TOOMANYREQUESTS',
]

/** Codes of Docker's registry: the specification says of the first two that a client may meet them, and has none for a bad `n`. */
export const legacyCodes: readonly string[] = ['TAG_INVALID', 'MANIFEST_UNVERIFIED', 'PAGINATION_NUMBER_INVALID']
