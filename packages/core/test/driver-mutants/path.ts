import { checkedBody } from '../../src/checked-body.js'
import type { Body, ByteRange, Driver, ObjectInfo, PutOptions } from '../../src/driver.js'
import { memoryDriver, type MemoryStorage } from '../../src/memory/index.js'
import type { DriverMutant } from './mutant.js'

/** Room for every size that the suite tries. */
const objectBytes = 88 * 2 ** 20

/** A mutant that keeps a clause on one path and breaks it on another: a range, a declared size, another size, another instance. */
export interface PathMutant extends DriverMutant {
  /** The case that is there for its path. It is tried on this one alone: cases of the usual path pass, or take long. */
  readonly triedOn: string
}

export function path(triedOn: string, id: string, breaks: string, change: (driver: Driver, storage: MemoryStorage) => Partial<Driver>): PathMutant {
  return {
    id,
    breaks,
    triedOn,
    make(storage) {
      const driver = memoryDriver({ storage, objectBytes })
      return { ...driver, ...change(driver, storage) }
    },
  }
}

/** A put that takes the whole body itself, under the checks of the true driver, and hands it on. */
export function puts(
  driver: Driver,
  change: (key: string, body: Body, options: PutOptions) => Promise<Body>,
): Required<Pick<Driver, 'put'>> {
  return {
    async put(key, body, options = {}) {
      await driver.head(key, options)
      return driver.put(key, await change(key, checkedBody(body, { ...options, objectBytes }), options), { signal: options.signal })
    },
  }
}

/** The same driver, whose facts `change` replaces wherever they are told. */
export function withInfos(driver: Driver, change: (info: ObjectInfo) => ObjectInfo): Partial<Driver> {
  return {
    async head(key, options) {
      const info = await driver.head(key, options)
      return info && change(info)
    },
    async open(key, options) {
      const object = await driver.open(key, options)
      return { ...object, info: change(object.info) }
    },
    async *list(options) {
      for await (const info of driver.list(options)) yield change(info)
    },
  }
}

/** The same driver, of which `change` replaces bodies that a range was asked of. */
export function withRanges(driver: Driver, change: (key: string, body: Body, range: ByteRange) => Body): Partial<Driver> {
  return {
    async open(key, options) {
      const object = await driver.open(key, options)
      return options?.range ? { ...object, body: change(key, object.body, options.range) } : object
    },
  }
}

/** What `change` keeps of the chunks of a body, all of which were copied. */
export async function gathered(body: Body): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(Uint8Array.from(chunk))
  return chunks
}

export async function* until(body: Body, isOver: () => boolean): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    if (isOver()) return
    yield chunk
  }
}

/** Something that all instances on one storage share. */
export function besides<Value>(make: () => Value): (storage: object) => Value {
  const values = new WeakMap<object, Value>()
  return (storage) => {
    const value = values.get(storage) ?? make()
    values.set(storage, value)
    return value
  }
}
