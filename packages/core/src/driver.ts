import type { DriverCapabilities } from './capabilities.js'

/**
 * Bytes in order. Node's `Readable` and web streams are such bodies already.
 * A chunk is its source's again as soon as the next one is asked for: whoever is given a body makes a copy of what it keeps.
 */
export type Body = AsyncIterable<Uint8Array>

/** What every call takes. */
export interface CallOptions {
  /** Ends the call: it then rejects with `signal.reason`, unwrapped. */
  readonly signal?: AbortSignal | undefined
}

/** Facts about one object. */
export interface ObjectInfo {
  /** As it was put, whole; a prefix that the driver adds in its backend is not part of it. */
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** When the object was put. */
  readonly modified: Date
}

/** Bytes `start` to `end`, zero-based, `end` exclusive and clamped to the size; without `end`, to the last. */
export interface ByteRange {
  /** The first byte, a whole number from 0 up. At or behind the end of the object: `RANGE_INVALID`. */
  readonly start: number
  /** One behind the last byte; has to be larger than `start`. Absent, or larger than the size: the end of the object. */
  readonly end?: number | undefined
}

export interface OpenOptions extends CallOptions {
  /** Default: the whole object. No range lies in an empty one. */
  readonly range?: ByteRange | undefined
  /**
   * Whether a chunk may be the driver's again as soon as the next one is asked for. A hint that a driver may ignore: to use memory
   * again can double the speed. Default: false; chunks stay as they are, so that they can be collected, or piped into a stream.
   */
  readonly reuse?: boolean | undefined
}

/**
 * An object being read. Whoever opened it disposes of it, read or not: `await using object = await driver.open(key)`.
 * Disposing twice is fine.
 */
export interface OpenObject extends AsyncDisposable {
  /** The whole object's facts, also when a range was asked for. */
  readonly info: ObjectInfo
  /** The bytes, once. A break in the middle is an error, never a short body. Chunks stay as they are unless `reuse` was asked for. */
  readonly body: Body
}

export interface PutOptions extends CallOptions {
  /** Bytes that the body is to have; another count is `SIZE_MISMATCH`. Absent: unknown. */
  readonly size?: number | undefined
}

export interface ListOptions extends CallOptions {
  /** Exact beginning of every key that is wanted. Default: every key. */
  readonly prefix?: string | undefined
  /** Only keys strictly behind this one. It need not exist. */
  readonly after?: string | undefined
}

export interface PresignOptions extends CallOptions {
  /** Seconds that the URL is good for. */
  readonly expires: number
  /** `Content-Type` that the URL is to answer with. */
  readonly contentType?: string | undefined
  /** Name in the `Content-Disposition` that the URL is to answer with. */
  readonly filename?: string | undefined
}

/**
 * Bytes under keys: the contract of a storage driver, version 1.
 *
 * Keys are tame: segments of `a-z 0-9 . _ - !`, at most 200 bytes each, joined by `/`, none of them `.` or `..`,
 * at most 900 bytes in all, and no key is the folder of another. Drivers never escape, and refuse another key with a
 * `TypeError`: {@link assertObjectKey}.
 * There is no move, copy, append or rename; nothing needs them.
 *
 * Every method rejects with a {@link RegistryError} for what the driver understands, and after {@link Driver.close} with `CLOSED`.
 */
export interface Driver {
  /** The version of the contract that the driver keeps. The engine refuses another one with `CONFIG`. */
  readonly contract: 1
  /** Short name for messages, such as `file`. */
  readonly name: string
  /** Frozen, and the same from construction on. */
  readonly capabilities: DriverCapabilities

  /** Facts about the object under `key`; `undefined` where there is none. */
  head(key: string, options?: CallOptions): Promise<ObjectInfo | undefined>

  /**
   * Opens the object for reading. Existence and range are checked before this resolves; behind that only I/O can fail.
   *
   * @throws `NOT_FOUND` where there is no object
   * @throws `RANGE_INVALID` where the range starts at or behind the end of the object, or does not end behind its own start
   */
  open(key: string, options?: OpenOptions): Promise<OpenObject>

  /**
   * Puts the whole body under `key`, in place of what was there. Atomic: readers see the old object or the new one,
   * and a body that throws, an abort or a wrong size leaves the key as it was and nothing behind.
   * When it resolves, the object survives a crash and a power loss. An error with `outcome: 'unknown'` is one behind the
   * last byte: the object may be there or not.
   *
   * @returns the bytes that were stored
   * @throws `SIZE_MISMATCH` where the body has not `size` bytes
   * @throws `LIMIT_EXCEEDED` where it has more than `limits.objectBytes`
   * @throws whatever the body throws, unwrapped
   */
  put(key: string, body: Body, options?: PutOptions): Promise<{
    /** Bytes that were stored, as counted, not as declared. */
    readonly size: number
  }>

  /** Deletes the objects under `keys`; an absent one is fine. When it resolves, that survives a power loss. */
  delete(keys: readonly string[], options?: CallOptions): Promise<void>

  /** Every object that matches, ascending by the bytes of the whole key. Breaking out of the loop ends the I/O. */
  list(options?: ListOptions): AsyncIterable<ObjectInfo>

  /**
   * A URL that serves the object to whoever has it. The object need not exist.
   *
   * @throws `UNSUPPORTED` where `capabilities.presign` is false; such a driver may also leave this member out
   */
  presign?(key: string, options: PresignOptions): Promise<URL>

  /** Releases what the driver holds. Calling it again is fine. */
  close(): Promise<void>
}
