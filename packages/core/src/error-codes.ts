/**
 * Every code that a {@link RegistryError} can carry, with its meaning.
 * Codes are API: they are never renamed, and never reused for something else. `docs/errors.md` lists the same table.
 */
export const errorCodes = {
  /** From `open` of a driver; absent is no error for `head` and `delete`. The engine makes `CORRUPT` of it where the index names the object. */
  NOT_FOUND: 'The object that was to be read does not exist.',
  /** From `commit` of an index, which then applied nothing: its caller reads again, and decides anew. */
  CONFLICT: 'An expectation of a commit does not hold; `key` names the entry.',
  /** From `open` of a driver or blob. From uploads where a body does not begin at the session's offset, with that in `detail.offset`. */
  RANGE_INVALID: 'The range begins at or behind the end of the object, or does not end behind its own start.',
  /** From `put` of a driver, and from appending to or finishing an upload. What was there before stays as it was. */
  SIZE_MISMATCH: 'A body was shorter or longer than its declared size.',
  /** From drivers and indexes, which then changed nothing; also for a presigned URL that is to be good for longer than the store allows. */
  LIMIT_EXCEEDED: 'A key, a value, a commit or an object is larger than `capabilities.limits` allows.',
  /** From `put` and `commit`: a full disk, or a quota that is used up. `retryable` is false: somebody has to make room first. */
  NO_SPACE: 'The backend has no room left.',
  /** From drivers and indexes, when they open or when they are called; also for what their store cannot do, such as read an archived object. */
  UNSUPPORTED: 'The backend does not claim this capability, or its data has a version that it does not know.',
  /** From drivers and indexes. It is about the credentials of the registry at its backend, never about those of a client. */
  ACCESS_DENIED: 'The backend refused the credentials or the permissions.',
  /** From any call; `retryable` unless its maker said otherwise. With `outcome: 'unknown'` a write may have happened. */
  UNAVAILABLE: 'The backend could not be reached or did not answer in time; the same call may succeed later.',
  /** From reading: bytes that are too few or do not have their digest, an object that the index names and storage lost, a damaged file or row. */
  CORRUPT: 'Stored data is not what was stored.',
  /** From calls behind `close`, and from those under way that it cuts short. */
  CLOSED: 'The driver, index or registry was closed.',
  /** From the engine, around what a driver or index threw that is in no contract; from drivers and indexes where no other code fits. */
  INTERNAL: 'Something unforeseen failed; `cause` has it.',
  /** From whatever opens a driver, an index, a registry or a server; from `put` where only then storage turns out to be set up wrong. */
  CONFIG: 'An option is missing or wrong.',
  /** From `parseRepositoryName`: `<name>` of distribution-spec, "Pulling manifests", of at most 255 characters. */
  NAME_INVALID: 'A repository name does not have the form that the specification gives.',
  /** From `parseTag` and `parseReference`: `<reference>` as a tag of distribution-spec, "Pulling manifests". */
  TAG_INVALID: 'A tag does not have the form that the specification gives.',
  /** From `parseDigest`, which takes `sha256` and `sha512` in lower-case hex, and from pushing content that has another digest. */
  DIGEST_INVALID: 'A digest is malformed, of an unknown algorithm, or not the digest of the content.',
  /** From pushing a manifest: no JSON in UTF-8, nested too deep, of another media type than OCI's and Docker's, or not in their form. */
  MANIFEST_INVALID: 'A manifest is not one that this registry accepts.',
  /** From describing a repository: the text has no letter, number, punctuation or symbol. */
  DESCRIPTION_INVALID: 'A description has no character that can be seen.',
  /** From lists, and from reading or changing a repository, its manifests or its tags. Blobs alone make no repository: its first manifest does. */
  NAME_UNKNOWN: 'The repository does not exist.',
  /** From reading or deleting a manifest or tag of a repository that exists; otherwise it is `NAME_UNKNOWN`. */
  MANIFEST_UNKNOWN: 'The repository has no such manifest or tag.',
  /** From reading, mounting or deleting a blob. One that is marked as damaged reads as absent, too. */
  BLOB_UNKNOWN: 'The repository has no such blob.',
  /** From uploads: the session was finished or cancelled, has expired, is another repository's, or never was. */
  BLOB_UPLOAD_UNKNOWN: 'The repository has no such upload session.',
  /** From pushing a manifest. `detail` is a list of `{ digest }`, one for each blob that is missing. */
  MANIFEST_BLOB_UNKNOWN: 'The manifest names blobs that the repository does not have; `detail` lists them.',
  /** From deleting a blob. `detail` has its `digest`, and in `manifest` the digest of one that names it and has to be deleted first. */
  IN_USE: 'A manifest still names what was to be deleted.',
  /** From pushing a manifest with too many bytes, descriptors or tags, and from an upload that outgrows what a blob may have. */
  TOO_LARGE: 'What a client sent is larger than the registry accepts.',
  /** From starting an upload session, and from the server for what it takes in at the same time. `retryable` is false, and yet a wait helps. */
  TOO_MANY: 'There are as many of these as the registry accepts at once; some have to end first.',
  /** From a search where the policy has it off, and from the server for methods that its options switch off. */
  DISABLED: 'The operation is switched off.',
  /** From pushing a manifest. The message is what the check threw; it may throw an error of this code itself. */
  DENIED: 'A check of whoever runs the registry refused it.',
} as const

/** One of the closed list of codes in {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes
