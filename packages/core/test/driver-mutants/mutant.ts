import type { Body, Driver, ObjectInfo, PutOptions } from '../../src/driver.js'
import { memoryDriver, type MemoryStorage } from '../../src/memory/index.js'

/** A deliberately broken driver. The suite has to tell it from a true one. */
export interface DriverMutant {
  readonly id: string
  /** What is broken, in one sentence. */
  readonly breaks: string
  make(storage: MemoryStorage): Driver
}

/** Small enough that the suite can try the limit. */
export const objectBytes: number = 2 ** 17

/** A memory driver of which `change` replaces some members. */
export function mutant(id: string, breaks: string, change: (driver: Driver, storage: MemoryStorage) => Partial<Driver>): DriverMutant {
  return {
    id,
    breaks,
    make(storage) {
      const driver = memoryDriver({ storage, objectBytes })
      return { ...driver, ...change(driver, storage) }
    },
  }
}

export async function collect(body: Body): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}

export async function collectInfos(infos: AsyncIterable<ObjectInfo>): Promise<ObjectInfo[]> {
  const collected: ObjectInfo[] = []
  for await (const info of infos) collected.push(info)
  return collected
}

export async function* bodyOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  yield* chunks
}

/** Puts bytes past all checks. */
export function store(storage: MemoryStorage, key: string, bytes: Uint8Array): void {
  storage.set(key, { bytes, modified: new Date() })
}

/** A put that feeds the true one another body. */
export function withBody(driver: Driver, change: (body: Body, options: PutOptions | undefined) => Body): Partial<Driver> {
  return { put: (key, body, options) => driver.put(key, change(body, options), options) }
}
