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
  override readonly name = 'RegistryError'
  readonly code: ErrorCode
  readonly driver: string | undefined
  readonly operation: string | undefined
  readonly key: string | EntryKey | undefined
  readonly retryable: boolean
  readonly outcome: 'unknown' | undefined
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
