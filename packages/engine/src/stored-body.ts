import { type Body, type ByteRange, type Driver, type OpenObject, type OpenOptions, RegistryError } from '@registry/core'
import type { StoredObject } from './rows.js'

/** Bytes of several objects as one body, and what has to be released after it. */
export interface StoredBody extends AsyncDisposable {
  readonly body: Body
}

type OpenStoredOptions = Omit<OpenOptions, 'range'>

interface Part {
  readonly object: StoredObject
  readonly range: ByteRange
}

/**
 * Opens bytes `start` to `end` (exclusive) of the objects put together. The first object is opened before this
 * resolves, so that what is missing is an error early.
 *
 * @throws `CORRUPT` where an object is missing or has another size
 */
export async function openStoredBody(
  driver: Driver,
  objects: readonly StoredObject[],
  { start, end }: { readonly start: number; readonly end: number },
  { signal, reuse }: OpenStoredOptions = {},
): Promise<StoredBody> {
  const [first, ...rest] = partsOf(objects, start, end)
  let current = first && (await openPart(driver, first, { signal, reuse }))
  async function* bytes(): AsyncGenerator<Uint8Array, void> {
    if (current === undefined) return
    yield* current.body
    for (const part of rest) {
      await current[Symbol.asyncDispose]()
      current = await openPart(driver, part, { signal, reuse })
      yield* current.body
    }
  }
  return {
    body: current && rest.length === 0 ? current.body : bytes(),
    async [Symbol.asyncDispose](): Promise<void> {
      await current?.[Symbol.asyncDispose]()
    },
  }
}

/** The whole of `objects`, for one loop. */
export async function* readStored(driver: Driver, objects: readonly StoredObject[], options?: OpenStoredOptions): AsyncGenerator<Uint8Array, void> {
  const size = objects.reduce((sum, object) => sum + object.size, 0)
  const stored = await openStoredBody(driver, objects, { start: 0, end: size }, options)
  try {
    yield* stored.body
  } finally {
    await stored[Symbol.asyncDispose]()
  }
}

function partsOf(objects: readonly StoredObject[], start: number, end: number): readonly Part[] {
  let begin = 0
  return objects.flatMap((object) => {
    const range = { start: Math.max(start - begin, 0), end: Math.min(end - begin, object.size) }
    begin += object.size
    return range.start < range.end ? [{ object, range }] : []
  })
}

async function openPart(driver: Driver, { object: { key, size }, range }: Part, options: OpenStoredOptions): Promise<OpenObject> {
  let opened: OpenObject
  try {
    opened = await driver.open(key, { ...options, range })
  } catch (error) {
    if (!RegistryError.is(error, 'NOT_FOUND', 'RANGE_INVALID')) throw error
    throw new RegistryError('CORRUPT', `storage lost ${key}, which the index names`, { key, cause: error })
  }
  if (opened.info.size === size) return opened
  await opened[Symbol.asyncDispose]()
  throw new RegistryError('CORRUPT', `${key} has ${opened.info.size} bytes in storage, and ${size} in the index`, { key })
}
