import { truncate, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Driver, OpenObject } from '@registry/core'
import { fileDriver } from '../src/index.js'
import { temporaryDirectory } from './file-harness.js'
import { bodyOf, readAll } from './objects.js'
import { taken, trace } from './traced-files.js'

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).tracedFiles(await original()))

const size = 600_000
let root: string
let driver: Driver

beforeEach(async () => {
  root = await temporaryDirectory()
  driver = await fileDriver({ root })
  await driver.put('key', bodyOf(Buffer.alloc(size, 'bytes')))
  trace(root)
})

afterEach(() => rm(root, { recursive: true, force: true }))

describe('the file of an open object is closed once', () => {
  const controller = (): AbortController => new AbortController()

  it.each<[string, (object: OpenObject, aborter: AbortController) => Promise<unknown>]>([
    ['at the end of the body', readAll],
    ['when the body is left in the middle', async ({ body }) => { for await (const chunk of body) return chunk }],
    ['when it is disposed of unread', async (object) => { await object[Symbol.asyncDispose]() }],
    ['when it is disposed of twice', async (object) => Promise.all([object[Symbol.asyncDispose](), object[Symbol.asyncDispose]()])],
    ['when it is disposed of in the middle of a read', async (object) => {
      const reading = object.body[Symbol.asyncIterator]().next()
      await object[Symbol.asyncDispose]()
      await reading
    }],
    ['when it is aborted in the middle and disposed of', async (object, aborter) => {
      const iterator = object.body[Symbol.asyncIterator]()
      await iterator.next()
      aborter.abort(new Error('aborted'))
      await expect(iterator.next()).rejects.toThrow('aborted')
      await object[Symbol.asyncDispose]()
    }],
  ])('%s', async (_, use) => {
    for (const aborter of [undefined, controller()]) {
      const object = await driver.open('key', { signal: aborter?.signal })
      await use(object, aborter ?? controller()).catch((error: unknown) => {
        if (aborter) throw error
      })
      await object[Symbol.asyncDispose]()
      expect(taken('open', 'close')).toEqual(['open key', 'close key'])
    }
  })

  it('by the body itself, at its end and when it is left', async () => {
    for (const chunksWanted of [1, Infinity]) {
      const object = await driver.open('key')
      let chunks = 0
      for await (const chunk of object.body) if (chunk.byteLength > 0 && ++chunks === chunksWanted) break
      expect(taken('open', 'close')).toEqual(['open key', 'close key'])
    }
  })

  it.each<[string, () => Promise<unknown>]>([
    ['a range that is refused', () => driver.open('key', { range: { start: size } })],
    ['a directory', () => driver.open('folder')],
  ])('for %s', async (_, open) => {
    await driver.put('folder/key', bodyOf('x'))
    taken()
    await expect(open()).rejects.toThrow()
    expect(taken('open', 'close')).toHaveLength(2)
  })
})

describe('a file that is cut off while it is read', () => {
  it('is CORRUPT, and names the path', async () => {
    const object = await driver.open('key')
    await truncate(join(root, 'key'), size - 1)
    const reading = readAll(object)
    await expect(reading).rejects.toMatchObject({ code: 'CORRUPT', driver: 'file', operation: 'open', key: 'key' })
    await expect(reading).rejects.toThrow(join(root, 'key'))
  })
})

it('reads on where the file system gives less than it is asked for', async () => {
  const bytes = Buffer.alloc(1000, 'a text of more than seven bytes')
  await driver.put('other', bodyOf(bytes))
  trace(root, { atOnce: 7 })
  expect((await readAll(await driver.open('other', { range: { start: 1, end: 999 } }))).equals(bytes.subarray(1, 999))).toBe(true)
})

it('gives readers at the same time chunks of their own, also beside one that ended early and may still be sending', async () => {
  const size = 300_000
  const names = ['first', 'second', 'third']
  await Promise.all(names.map((name) => driver.put(name, bodyOf(Buffer.alloc(size, name)))))
  const early = await driver.open('first', { reuse: true })
  const reader = early.body[Symbol.asyncIterator]()
  const kept = (await reader.next()).value as Uint8Array
  await reader.return?.()
  for (let round = 0; round < 3; round++) {
    const read = await Promise.all(names.map(async (name) => readAll(await driver.open(name, { reuse: true }))))
    expect(read.map((bytes, n) => bytes.equals(Buffer.alloc(size, names[n])))).toEqual([true, true, true])
  }
  expect(Buffer.from(kept).equals(Buffer.alloc(kept.byteLength, 'first'))).toBe(true)
})
