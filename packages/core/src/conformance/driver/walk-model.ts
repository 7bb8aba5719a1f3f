import type { Driver, ObjectInfo } from '../../driver.js'
import { expectBytes, expectEqual, expectThat } from '../expectations.js'
import { readBytes } from './objects.js'

/** An object as it has to be. */
export interface ModelObject {
  readonly bytes: Uint8Array
  readonly info: ObjectInfo
}

/** What a walk has put, by key: a driver without a backend. */
export interface Model {
  readonly objects: Map<string, ModelObject>
  /** When each key was put last, also where it was deleted since. */
  readonly dates: Map<string, Date>
}

const hour = 60 * 60 * 1000

/** The objects of the model whose keys `filter` takes, in the order of a list. */
export function inOrder({ objects }: Model, filter: (key: string) => boolean): readonly ModelObject[] {
  return [...objects.keys()].filter(filter).sort().map((key) => objects.get(key)!)
}

/** Takes down what was put, with the date that the driver gives it: one near ours, and not before that of the last put of the key. */
export async function remember(model: Model, driver: Driver, key: string, bytes: Uint8Array): Promise<void> {
  const info = await driver.head(key)
  expectEqual('key and size in head after the put', info && [info.key, info.size], [key, bytes.byteLength])
  const modified: unknown = info?.modified
  const near = modified instanceof Date && Math.abs(modified.getTime() - Date.now()) < hour
  expectThat('modified after the put', near, `a Date near ${new Date().toISOString()}`, modified)
  const last = model.dates.get(key)
  expectThat('modified after the put', last === undefined || info!.modified >= last, `no date before ${last?.toISOString()}, when the key was put last`, modified)
  model.dates.set(key, info!.modified)
  model.objects.set(key, { bytes, info: { key, size: bytes.byteLength, modified: info!.modified } })
}

/** `head` tells of the key what the model does. */
export async function expectHead(model: Model, driver: Driver, key: string): Promise<void> {
  expectInfo(`head(${key})`, await driver.head(key), model.objects.get(key)?.info)
}

/** A list of what begins as the key does tells what the model holds. */
export async function expectListed(model: Model, driver: Driver, key: string, keys: readonly string[]): Promise<void> {
  const prefix = key.slice(0, 1)
  const listed: ObjectInfo[] = []
  for await (const info of driver.list({ prefix })) if (keys.includes(info.key)) listed.push(info)
  expectInfos(`list(${JSON.stringify({ prefix })}) behind it`, listed, inOrder(model, (other) => other.startsWith(prefix)))
}

/** The driver holds, of the keys that are walked, what the model holds: in `list`, in `head`, in `open` and in the bytes. */
export async function expectModel(model: Model, driver: Driver, keys: readonly string[]): Promise<void> {
  const listed: ObjectInfo[] = []
  for await (const info of driver.list()) if (keys.includes(info.key)) listed.push(info)
  expectInfos('list()', listed, inOrder(model, () => true))
  for (const key of keys) {
    await expectHead(model, driver, key)
    const object = model.objects.get(key)
    if (object) expectBytes(`bytes of ${key}`, await readBytes(driver, key), object.bytes)
  }
}

export function expectInfos(what: string, got: readonly ObjectInfo[], expected: readonly ModelObject[]): void {
  expectEqual(`keys of ${what}`, got.map(({ key }) => key), expected.map(({ info }) => info.key))
  for (const [index, { info }] of expected.entries()) expectInfo(`${info.key} in ${what}`, got[index], info)
}

export function expectInfo(what: string, got: ObjectInfo | undefined, expected: ObjectInfo | undefined): void {
  const facts = (info: ObjectInfo | undefined): unknown => info && { key: info.key, size: info.size, modified: info.modified }
  expectEqual(what, facts(got), facts(expected))
}
