const hour = 3_600_000

/** How long things are kept and how large they may be. */
export interface Policy {
  /** How long a blob is promised to a client without a manifest that uses it. At least 24 hours. */
  readonly leaseMilliseconds: number
  /** How long an upload session lives without a new byte. */
  readonly uploadMilliseconds: number
  /** How long a manifest push may be under way. */
  readonly pushMilliseconds: number
  /** For how long a conflicting operation is tried again. */
  readonly retryMilliseconds: number
  /** Bytes of a manifest. */
  readonly manifestBytes: number
  /** Bytes of manifest texts that are kept in memory, of those that do not fit in an index row. */
  readonly manifestCacheBytes: number
}

export const defaultPolicy: Policy = {
  leaseMilliseconds: 48 * hour,
  uploadMilliseconds: 24 * hour,
  pushMilliseconds: hour,
  retryMilliseconds: 30_000,
  manifestBytes: 4 * 1024 * 1024,
  manifestCacheBytes: 32 * 1024 * 1024,
}
