import { abortable, type Body, type CallOptions, type Driver, RegistryError } from '@registry/core'
import { incomingBody } from './incoming-body.js'
import type { StoredObject } from './rows.js'
import { readStored } from './stored-body.js'

/** Of how many objects a blob consists at the most. */
export const maxObjects = 64

/** What came of a client's body. */
export interface WrittenObjects {
  readonly objects: readonly StoredObject[]
  readonly bytes: number
  /** What the client's body threw; the bytes before it are stored. */
  readonly failure: { readonly error: unknown } | undefined
}

export interface WriteOptions extends CallOptions {
  /** A fresh key for the `n`th object of the upload. */
  readonly freshKey: (n: number) => string
  /** Number of the first object. */
  readonly count: number
  /** Bytes that the body is to have. */
  readonly size?: number | undefined
  /** Sees every byte once, in order. */
  readonly onChunk: (chunk: Uint8Array) => void
  /** Is told of each object before it is written, so that someone can see to it if this fails. */
  readonly onObject: (key: string) => void
}

/**
 * Streams a body into as many fresh objects as the driver's limit asks for.
 *
 * @throws `SIZE_MISMATCH` where the body ends, other than by breaking off, with another size than declared
 */
export async function writeObjects(driver: Driver, source: Body, options: WriteOptions): Promise<WrittenObjects> {
  const { freshKey, count, size = Infinity, onChunk, onObject, signal } = options
  // The driver ends on the signal as well, but nobody else does while the body keeps a next object waiting.
  const incoming = incomingBody(abortable(source, signal), onChunk)
  const objects: StoredObject[] = []
  let bytes = 0
  try {
    while (bytes <= size && (await incoming.more())) {
      const key = freshKey(count + objects.length)
      onObject(key)
      // One byte more than declared is enough to see that there are too many.
      const stored = await driver.put(key, incoming.take(Math.min(driver.capabilities.limits.objectBytes, size - bytes + 1)), { signal })
      objects.push({ key, size: stored.size })
      bytes += stored.size
    }
  } finally {
    await incoming.end()
  }
  const failure = incoming.failure()
  if (bytes > size || (bytes < size && options.size !== undefined && failure === undefined)) {
    throw new RegistryError('SIZE_MISMATCH', `the body has ${bytes > size ? 'more than' : `only ${bytes} of`} the ${size} bytes that were declared`)
  }
  return { objects, bytes, failure }
}

/** What it takes to have no more objects than a blob may have. */
export interface MergedObjects {
  readonly objects: readonly StoredObject[]
  /** The objects that were merged and are named no more. */
  readonly replaced: readonly string[]
  /** How many new ones were written. */
  readonly written: number
}

/**
 * Merges the smallest neighbours until there are at most {@link maxObjects}.
 *
 * @throws `TOO_LARGE` where two neighbours do not fit in one object
 */
export async function mergeObjects(driver: Driver, given: readonly StoredObject[], options: Omit<WriteOptions, 'size' | 'onChunk'>): Promise<MergedObjects> {
  let objects = given
  const replaced: string[] = []
  let written = 0
  while (objects.length > maxObjects) {
    const at = smallestPair(objects)
    const pair = objects.slice(at, at + 2)
    const size = pair.reduce((sum, object) => sum + object.size, 0)
    if (size > driver.capabilities.limits.objectBytes) {
      throw new RegistryError('TOO_LARGE', `a blob has at most ${maxObjects} objects of ${driver.capabilities.limits.objectBytes} bytes`)
    }
    const key = options.freshKey(options.count + written++)
    options.onObject(key)
    await driver.put(key, readStored(driver, pair, { signal: options.signal, reuse: true }), { size, signal: options.signal })
    replaced.push(...pair.map((object) => object.key))
    objects = objects.toSpliced(at, 2, { key, size })
  }
  return { objects, replaced, written }
}

function smallestPair(objects: readonly StoredObject[]): number {
  let best = 0
  let least = Infinity
  for (let n = 0; n + 1 < objects.length; n++) {
    const size = objects[n]!.size + objects[n + 1]!.size
    if (size < least) [best, least] = [n, size]
  }
  return best
}
