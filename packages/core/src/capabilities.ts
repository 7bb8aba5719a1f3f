/** What a driver can do beside the contract, known at construction and frozen. */
export interface DriverCapabilities {
  /** Whether {@link Driver.presign} answers. Where it does not, it refuses with `UNSUPPORTED`. */
  readonly presign: boolean
  /** What one object may have. The engine keeps a larger blob in several objects. */
  readonly limits: DriverLimits
}

/** How much a driver takes. A larger body is refused with `LIMIT_EXCEEDED`. */
export interface DriverLimits {
  /** Bytes of one object. */
  readonly objectBytes: number
}

/** What an index can do beside the contract, known at construction and frozen. */
export interface IndexCapabilities {
  /** Whether {@link Index.search} answers. Where it does not, it refuses with `UNSUPPORTED`. */
  readonly search: boolean
  /** What one commit and one value may have, and over how many partitions callers spread. */
  readonly limits: IndexLimits
}

/**
 * How much an index takes. What is larger is refused with `LIMIT_EXCEEDED`, and nothing of its commit is applied.
 * A commit has room for a value of the largest size with its key, and a value for some thousand bytes at the least.
 */
export interface IndexLimits {
  /** Changes of one commit. */
  readonly changes: number
  /** Bytes of one commit: keys, values as JSON in UTF-8, and texts. */
  readonly commitBytes: number
  /** Bytes of one value, as JSON in UTF-8, together with its text. */
  readonly valueBytes: number
  /** Over how many partitions callers should split what would be one hot partition. */
  readonly spread: number
}
