import type { Driver, Index, ListOptions, ObjectInfo, OpenObject } from '@registry/core'
import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { describe, expect, it } from 'vitest'
import { createRegistry } from '../src/index.js'
import { translatedDriver, translatedIndex } from '../src/translated.js'
import { errorOf, onEachPair } from './support/bench.js'
import { body, collect, digestOf, pushBlob, pushImage, readBlob, readManifest } from './support/images.js'

const failure = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
const internal = { code: 'INTERNAL', cause: failure }

onEachPair('an error that no contract knows', (open) => {
  it.each(['put', 'open'] as const)('of the driver is INTERNAL, with its cause (%s)', async (operation) => {
    await using bench = await open()
    const digest = await pushBlob(bench.registry, 'a', 'x')
    bench.faults.fail(operation, /^blobs\//, failure)
    const request = operation === 'put' ? pushBlob(bench.registry, 'a', 'y') : bench.registry.blobs.open('a', digest)
    expect(await errorOf(request)).toMatchObject({ ...internal, driver: bench.driver.name, operation })
  })

  it.each(['get', 'commit', 'scan'] as const)('of the index is INTERNAL, with its cause (%s)', async (operation) => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.settled()
    bench.faults.fail(operation, /(?:)/, failure)
    const request = {
      get: () => readManifest(bench.registry, 'a', 'tag'),
      commit: () => bench.registry.uploads.start('a'),
      scan: () => bench.registry.tags.list('a', { limit: 1 }),
    }
    expect(await errorOf(request[operation]())).toMatchObject({ ...internal, driver: bench.index.name, operation })
  })

  it('of a body in the middle of a read is INTERNAL, with its cause', async () => {
    const driver = memoryDriver()
    const breaking: Driver = {
      ...driver,
      list: () => driver.list(),
      async open(key, options): Promise<OpenObject> {
        const object = await driver.open(key, options)
        async function* half(): AsyncGenerator<Uint8Array, void> {
          yield Buffer.from('x')
          throw failure
        }
        return key.startsWith('blobs/') ? { ...object, body: half(), [Symbol.asyncDispose]: () => object[Symbol.asyncDispose]() } : object
      },
    }
    await using registry = await createRegistry({ driver: breaking, index: memoryIndex() })
    const digest = await pushBlob(registry, 'a', 'xyz')
    const blob = await registry.blobs.open('a', digest)
    expect(await errorOf(collect(blob.body))).toMatchObject(internal)
    await blob[Symbol.asyncDispose]()
  })

  it('of the client, in a body that it sends, stays what it is', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    async function* failing(): AsyncGenerator<Uint8Array, void> {
      yield Buffer.from('x')
      throw failure
    }
    await expect(bench.registry.uploads.append('a', id, failing())).rejects.toBe(failure)
  })

  it('of background work is told, and hurts nobody', async () => {
    await using bench = await open({ failsInBackground: true })
    await pushBlob(bench.registry, 'a', 'x')
    bench.faults.fail('delete', /^blobs\//, failure)
    await pushBlob(bench.registry, 'b', 'x')
    await bench.settled()
    expect(bench.backgroundErrors).toMatchObject([internal])
    expect(await readBlob(bench.registry, 'b', digestOf('x'))).toBe('x')
    await bench.start()
    expect(await bench.blobKeys()).toHaveLength(1)
  })
})

describe('a translated store', () => {
  it('may be an object of a class with private members', async () => {
    class PrivateDriver implements Driver {
      readonly #inner = memoryDriver()
      readonly contract = 1
      get name(): string {
        return this.#inner.name
      }
      get capabilities(): Driver['capabilities'] {
        return this.#inner.capabilities
      }
      head(key: string): ReturnType<Driver['head']> {
        return this.#inner.head(key)
      }
      open(...args: Parameters<Driver['open']>): ReturnType<Driver['open']> {
        return this.#inner.open(...args)
      }
      put(...args: Parameters<Driver['put']>): ReturnType<Driver['put']> {
        return this.#inner.put(...args)
      }
      delete(keys: readonly string[]): Promise<void> {
        return this.#inner.delete(keys)
      }
      list(options?: ListOptions): AsyncIterable<ObjectInfo> {
        return this.#inner.list(options)
      }
      close(): Promise<void> {
        return this.#inner.close()
      }
    }
    class PrivateIndex implements Index {
      readonly #inner = memoryIndex()
      readonly contract = 1
      readonly name = 'private'
      get capabilities(): Index['capabilities'] {
        return this.#inner.capabilities
      }
      get(...args: Parameters<Index['get']>): ReturnType<Index['get']> {
        return this.#inner.get(...args)
      }
      scan(...args: Parameters<Index['scan']>): ReturnType<Index['scan']> {
        return this.#inner.scan(...args)
      }
      commit(...args: Parameters<Index['commit']>): ReturnType<Index['commit']> {
        return this.#inner.commit(...args)
      }
      search(...args: Parameters<Index['search']>): ReturnType<Index['search']> {
        return this.#inner.search(...args)
      }
      close(): Promise<void> {
        return this.#inner.close()
      }
    }
    const driver = translatedDriver(new PrivateDriver())
    const index = translatedIndex(new PrivateIndex())
    expect([driver.name, index.name]).toEqual(['memory', 'private'])
    await using registry = await createRegistry({ driver, index })
    await pushImage(registry, 'a', 'tag', ['{}', 'layer'])
    const keys: string[] = []
    for await (const { key } of driver.list({ prefix: 'repositories/' })) keys.push(key)
    expect(keys).toHaveLength(3)
    expect((await index.scan('tags/a')).entries).toHaveLength(1)
  })

  it('translates a list that breaks off', async () => {
    async function* breaking(): AsyncGenerator<ObjectInfo, void> {
      yield { key: 'a', size: 1, modified: new Date(0) }
      throw failure
    }
    const driver = translatedDriver({ ...memoryDriver(), list: breaking })
    const keys: string[] = []
    const listing = async (): Promise<void> => {
      for await (const { key } of driver.list()) keys.push(key)
    }
    expect(await errorOf(listing())).toMatchObject({ ...internal, operation: 'list' })
    expect(keys).toEqual(['a'])
  })

  it('passes on what its contract knows, and a mistake of the caller', async () => {
    const driver = translatedDriver(memoryDriver())
    expect(await errorOf(driver.open('absent'))).toMatchObject({ code: 'NOT_FOUND', driver: 'memory' })
    await expect(driver.head('NOT TAME')).rejects.toBeInstanceOf(TypeError)
    await driver.put('a', body('x'))
    expect((await driver.head('a'))?.size).toBe(1)
  })

  it('keeps presign absent where the driver has none, and bound where it has', async () => {
    expect('presign' in translatedDriver(memoryDriver())).toBe(false)
    const url = new URL('http://example.org/')
    const driver = translatedDriver({ ...memoryDriver(), presign: async () => url })
    expect(await driver.presign?.('a', { expires: 1 })).toBe(url)
  })
})
