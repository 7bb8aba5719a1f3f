export { compareUtf8 } from './byte-order.js'
export { resolveRange } from './byte-range.js'
export { callsOf, type Call, type Calls } from './calls.js'
export type { DriverCapabilities, DriverLimits, IndexCapabilities, IndexLimits } from './capabilities.js'
export { assertEntryKey, assertPartition, checkChanges, type SizedChange } from './changes.js'
export { abortable, checkedBody, type BodyLimits } from './checked-body.js'
export { digestAlgorithms, isDigest, isDigestAlgorithm, parseDigest, splitDigest, type Digest, type DigestAlgorithm } from './digest.js'
export type {
  Body,
  ByteRange,
  CallOptions,
  Driver,
  ListOptions,
  ObjectInfo,
  OpenObject,
  OpenOptions,
  PresignOptions,
  PutOptions,
} from './driver.js'
export { errorCodes, type ErrorCode } from './error-codes.js'
export { RegistryError, type RegistryErrorOptions } from './errors.js'
export { isAsExpected } from './expectation.js'
export { foldText, searchTerms } from './fold-text.js'
export type {
  Change,
  CheckChange,
  CommitOptions,
  DeleteChange,
  Entry,
  EntryKey,
  EntryPage,
  Expectation,
  Index,
  PutChange,
  ScanOptions,
  SearchOptions,
  SearchQuery,
} from './index-store.js'
export type { Json } from './json.js'
export { isNonDistributable, isSchemaOne, mediaTypes, parseMediaType } from './media-type.js'
export type { DriverModule, IndexModule } from './module.js'
export { errnoOf, isNetworkError, isTlsError, messageOf } from './network-errors.js'
export { assertObjectKey, isKeySegment, isObjectKey } from './object-key.js'
export type { OptionSchema, OptionsSchema } from './options-schema.js'
export { maxPageLimit, pageLimit } from './page-limit.js'
export { parseReference, parseRepositoryName, parseTag, type Reference } from './reference.js'
export { newRevision } from './revision.js'
export { isInRange, prefixEnd, type SortRange } from './sort-range.js'
