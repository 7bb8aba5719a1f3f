const hour = 3_600_000

/** How long things are kept and how large they may be. */
export interface Policy {
  /** How long a blob is promised to a client without a manifest that uses it. At least 24 hours. */
  readonly leaseMilliseconds: number
  /** How long an upload session lives without a new byte. */
  readonly uploadMilliseconds: number
  /** How long a tombstone stays. */
  readonly tombstoneMilliseconds: number
  /** How long an object that nothing names stays. */
  readonly orphanMilliseconds: number
  /** How old a note of unfinished work has to be for somebody else to finish it. */
  readonly noteMilliseconds: number
  /** Pause between two rounds of background work. */
  readonly roundMilliseconds: number
  /** How long a manifest push may be under way. */
  readonly pushMilliseconds: number
  /** For how long a conflicting operation is tried again. */
  readonly retryMilliseconds: number
  /** How often a process looks whether the storage still belongs to its index. */
  readonly ownershipCheckMilliseconds: number
  /** For how long after such a look it writes. The same for every process that works on a storage: a rebuild waits for it. */
  readonly ownershipTrustMilliseconds: number
  /** Rows that a rebuild brings into the index at once. */
  readonly rebuildRows: number
  /** Bytes of a manifest. */
  readonly manifestBytes: number
  /** Descriptors of a manifest: its config, layers or manifests, and subject. */
  readonly manifestDescriptors: number
  /** Levels of objects and lists in each other in a manifest. */
  readonly manifestDepth: number
  /** Tags that one push of a manifest may move. */
  readonly pushTags: number
  /** Upload sessions that are open at the same time, about. */
  readonly uploadSessions: number
  /** Whether repositories can be searched, and have their descriptions follow what is pushed. */
  readonly search: boolean
  /** For how long a check may think about a push before it is refused. */
  readonly checkMilliseconds: number
  /** Bytes of manifest texts that are kept in memory, of those that do not fit in an index row. */
  readonly manifestCacheBytes: number
}

/** The policy of a registry that is told none. */
export const defaultPolicy: Policy = {
  leaseMilliseconds: 48 * hour,
  uploadMilliseconds: 24 * hour,
  tombstoneMilliseconds: 24 * hour,
  orphanMilliseconds: 24 * hour,
  noteMilliseconds: 60_000,
  roundMilliseconds: 300_000,
  pushMilliseconds: hour,
  retryMilliseconds: 30_000,
  ownershipCheckMilliseconds: 5000,
  ownershipTrustMilliseconds: 15_000,
  rebuildRows: 256,
  manifestBytes: 4 * 1024 * 1024,
  manifestDescriptors: 10_000,
  manifestDepth: 64,
  pushTags: 256,
  uploadSessions: 20_000,
  search: true,
  checkMilliseconds: 10_000,
  manifestCacheBytes: 32 * 1024 * 1024,
}
