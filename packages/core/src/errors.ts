import type { EntryKey } from './index-store.js'
import type { ErrorCode } from './error-codes.js'

const brand = Symbol.for('@registry/core/RegistryError')

/** What a {@link RegistryError} tells beside its code and message. */
export interface RegistryErrorOptions {
  /** Name of the driver or index that failed. */
  readonly driver?: string | undefined
  /** Method that failed, such as `put`. */
  readonly operation?: string | undefined
  /** The object key or index entry that it is about. */
  readonly key?: string | EntryKey | undefined
  /** Whether the same call may succeed later. Default: only for `UNAVAILABLE`. */
  readonly retryable?: boolean | undefined
  /** `unknown` where a write may or may not have happened. */
  readonly outcome?: 'unknown' | undefined
  /** Facts for the client, such as the digests that are missing. JSON. */
  readonly detail?: unknown
  /** The error underneath. */
  readonly cause?: unknown
}

/**
 * The one error class of contracts, drivers, indexes and engine.
 * Tell errors apart with {@link RegistryError.is}, never with `instanceof`: a process may hold two copies of this package.
 */
export class RegistryError extends Error {
  /** The same for every code. */
  override readonly name = 'RegistryError'
  /** What is wrong. Codes are API, messages are not. */
  readonly code: ErrorCode
  /** Name of the driver or index that failed, such as `s3`; `undefined` where it was neither of them. */
  readonly driver: string | undefined
  /** Method that failed, such as `put`, or `open` for a driver or index that does not open; `undefined` where none is named. */
  readonly operation: string | undefined
  /** What it is about: a text is the key of an object, `{ partition, sort }` that of an entry; `undefined` where it is about neither. */
  readonly key: string | EntryKey | undefined
  /** Whether the same call may succeed later, with nothing changed by anyone. True for `UNAVAILABLE` alone unless whoever threw it said otherwise. */
  readonly retryable: boolean
  /** `unknown`: a write may or may not have happened, and only a read can tell. Otherwise `undefined`. */
  readonly outcome: 'unknown' | undefined
  /** Facts that a client may see, as JSON; their form is that of the code. `undefined` where there are none. */
  readonly detail: unknown

  /**
   * Makes an error; whoever calls throws it.
   *
   * @param code - what is wrong
   * @param message - for people: what was expected, what came, what to do
   */
  constructor(code: ErrorCode, message: string, options: RegistryErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    Object.defineProperty(this, brand, { value: true })
    this.code = code
    this.driver = options.driver
    this.operation = options.operation
    this.key = options.key
    this.retryable = options.retryable ?? code === 'UNAVAILABLE'
    this.outcome = options.outcome
    this.detail = options.detail
  }

  /** Whether `value` is a `RegistryError`, and of one of `codes` where some are given. */
  static is(value: unknown, ...codes: readonly ErrorCode[]): value is RegistryError {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, brand)) return false
    return codes.length === 0 || codes.includes((value as RegistryError).code)
  }
}
