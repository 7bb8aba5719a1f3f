/**
 * Every code that a {@link RegistryError} can carry, with its meaning.
 * Codes are API: they are never renamed, and never reused for something else. `docs/errors.md` lists the same table.
 */
export const errorCodes = {
  NOT_FOUND: 'The object that was to be read does not exist.',
  CONFLICT: 'An expectation of a commit does not hold; `key` names the entry.',
  RANGE_INVALID: 'The range begins at or behind the end of the object, or does not end behind its own start.',
  SIZE_MISMATCH: 'A body was shorter or longer than its declared size.',
  LIMIT_EXCEEDED: 'A key, a value, a commit or an object is larger than `capabilities.limits` allows.',
  NO_SPACE: 'The backend has no room left.',
  UNSUPPORTED: 'The backend does not claim this capability, or its data has a version that it does not know.',
  ACCESS_DENIED: 'The backend refused the credentials or the permissions.',
  UNAVAILABLE: 'The backend could not be reached or did not answer in time; the same call may succeed later.',
  CORRUPT: 'Stored data is not what was stored.',
  CLOSED: 'The driver, index or registry was closed.',
  INTERNAL: 'Something unforeseen failed; `cause` has it.',
  CONFIG: 'An option is missing or wrong.',
  NAME_INVALID: 'A repository name does not have the form that the specification gives.',
  TAG_INVALID: 'A tag does not have the form that the specification gives.',
  DIGEST_INVALID: 'A digest is malformed, of an unknown algorithm, or not the digest of the content.',
  MANIFEST_INVALID: 'A manifest is not one that this registry accepts.',
  DESCRIPTION_INVALID: 'A description has no character that can be seen.',
  NAME_UNKNOWN: 'The repository does not exist.',
  MANIFEST_UNKNOWN: 'The repository has no such manifest or tag.',
  BLOB_UNKNOWN: 'The repository has no such blob.',
  BLOB_UPLOAD_UNKNOWN: 'The repository has no such upload session.',
  MANIFEST_BLOB_UNKNOWN: 'The manifest names blobs that the repository does not have; `detail` lists them.',
  IN_USE: 'A manifest still names what was to be deleted.',
  TOO_LARGE: 'What a client sent is larger than the registry accepts.',
  TOO_MANY: 'There are as many of these as the registry accepts at once; some have to end first.',
  DISABLED: 'The operation is switched off.',
  DENIED: 'A check of whoever runs the registry refused it.',
} as const

/** One of the closed list of codes in {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes
