import type { ConformanceCase } from '../conformance-case.js'
import type { Driver, ListOptions, ObjectInfo, OpenObject, OpenOptions } from '../../driver.js'
import { isUint8Array } from 'node:util/types'
import { expectBytes, expectEqual, expectThat } from '../expectations.js'
import { bodyOf, patternBytes } from './bodies.js'

export type DriverCase = ConformanceCase<Driver>

/** What a namespace is to hold: bytes by key. */
export type Contents = Readonly<Record<string, Uint8Array>>

/**
 * Several chunks of most drivers, unless their limit is smaller: what goes wrong between chunks is tried with it.
 * Parts are larger than chunks: see `severalParts`.
 */
export function severalChunks(driver: Driver): number {
  return Math.min(driver.capabilities.limits.objectBytes, 2 ** 20) - 7
}

/** Puts `bytes` without a declared size. */
export async function putBytes(driver: Driver, key: string, bytes: Uint8Array): Promise<void> {
  expectStored(await driver.put(key, bodyOf(bytes)), bytes.byteLength)
}

/** The answer of put is one, and tells so many bytes. */
export function expectStored(answer: unknown, size: number): void {
  const isRight = typeof answer === 'object' && answer !== null && 'size' in answer && answer.size === size
  expectThat(`answer of put of ${size} bytes`, isRight, `an object whose size is ${size}`, answer)
}

/** Puts small objects, a few at a time; each holds its key. */
export async function putKeys(driver: Driver, keys: readonly string[]): Promise<void> {
  const atOnce = 16
  for (let start = 0; start < keys.length; start += atOnce) {
    await Promise.all(keys.slice(start, start + atOnce).map((key) => putBytes(driver, key, keyBytes(key))))
  }
}

/** What {@link putKeys} puts under `key`. */
export function keyBytes(key: string): Uint8Array {
  return new TextEncoder().encode(key)
}

/** Reads an opened object to its end, and disposes of it. */
export async function readAll(object: OpenObject): Promise<Uint8Array> {
  expectOpened(object)
  const chunks: Uint8Array[] = []
  try {
    // A chunk is the driver's again as soon as the next one is asked for.
    for await (const chunk of object.body) {
      expectThat('a chunk of a body', isUint8Array(chunk), 'a Uint8Array', chunk)
      chunks.push(Uint8Array.from(chunk))
    }
  } finally {
    await object[Symbol.asyncDispose]()
  }
  return Buffer.concat(chunks)
}

/** The answer of open has what belongs to it. */
function expectOpened(answer: unknown): void {
  const has = (value: unknown, member: PropertyKey): boolean => typeof value === 'object' && value !== null && member in value
  const part = (value: unknown, member: string): unknown => (has(value, member) ? (value as Record<string, unknown>)[member] : undefined)
  const isRight = has(answer, Symbol.asyncDispose) && has(part(answer, 'info'), 'size') && has(part(answer, 'body'), Symbol.asyncIterator)
  expectThat('answer of open', isRight, 'an object with info, a body that is an AsyncIterable, and Symbol.asyncDispose', answer)
}

export async function readBytes(driver: Driver, key: string, options?: OpenOptions): Promise<Uint8Array> {
  return readAll(await driver.open(key, options))
}

export async function listKeys(driver: Driver, options?: ListOptions): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of driver.list(options)) keys.push(key)
  return keys
}

/** The object is there, in `head`, in the facts of `open` and in its bytes. */
export async function expectObject(driver: Driver, key: string, bytes: Uint8Array): Promise<void> {
  const name = shorten(key)
  expectEqual(`size in head(${name})`, (await driver.head(key))?.size, bytes.byteLength)
  const object = await driver.open(key)
  expectBytes(`bytes of ${name}`, await readAll(object), bytes)
  expectEqual(`facts of open(${name})`, [object.info.key, object.info.size], [key, bytes.byteLength])
}

/** `head`, `open` and `list` tell the same facts of the object. Answers them. */
export async function expectSameFacts(when: string, driver: Driver, key: string): Promise<ObjectInfo | undefined> {
  const head = await driver.head(key)
  const object = await driver.open(key)
  await object[Symbol.asyncDispose]()
  expectEqual(`facts of ${key} in open ${when}, compared with head`, object.info, head)
  for await (const info of driver.list({ prefix: key })) {
    if (info.key === key) expectEqual(`facts of ${key} in list ${when}, compared with head`, info, head)
  }
  return head
}

/** The namespace holds objects under these keys and no other. */
export async function expectKeys(when: string, driver: Driver, keys: readonly string[]): Promise<void> {
  expectEqual(`keys ${when}`, await listKeys(driver), keys.toSorted())
}

/** The namespace holds these objects and no other. */
export async function expectContents(when: string, driver: Driver, contents: Contents): Promise<void> {
  await expectKeys(when, driver, Object.keys(contents))
  for (const [key, bytes] of Object.entries(contents)) await expectObject(driver, key, bytes)
}

/**
 * Runs `attempt` on a key that is absent and on one that is present: neither may change, nor may anything be added.
 */
export async function expectUntouched(driver: Driver, attempt: (key: string) => Promise<void>): Promise<void> {
  const contents: Contents = { 'folder/neighbour': patternBytes(10, 2), 'folder/old': patternBytes(severalChunks(driver), 3) }
  for (const [key, bytes] of Object.entries(contents)) await putBytes(driver, key, bytes)
  await attempt('folder/new')
  await expectContents('after the failed put of a new key', driver, contents)
  await attempt('folder/old')
  await expectContents('after the failed put over an old object', driver, contents)
}

function shorten(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}… (${key.length} bytes)` : key
}
