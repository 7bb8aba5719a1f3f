import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { durableDirectories } from '../src/durable-directories.js'
import { fileDriver } from '../src/index.js'
import { temporaryDirectory } from './file-harness.js'
import { bodyOf } from './objects.js'
import { calls, holds, taken, trace } from './traced-files.js'

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).tracedFiles(await original()))

let root: string

beforeEach(async () => {
  root = await temporaryDirectory()
  trace(root)
})

afterEach(() => rm(root, { recursive: true, force: true }))

/** Making a directory, and one above it that is missing. */
const made = (directory: string, above: string): string[] => [`mkdir ${directory}`, `mkdir ${above}`, `mkdir ${directory}`]
const writes = ['mkdir', 'write', 'sync', 'close', 'rename', 'unlink'] as const

describe('put', () => {
  it('fsyncs the file, renames it, fsyncs its directory and the parents of new ones, in that order', async () => {
    const driver = await fileDriver({ root })
    taken()
    await driver.put('a/b/c', bodyOf('bytes'))
    expect(taken(...writes)).toEqual([
      'mkdir @tmp',
      'write @tmp/new',
      'sync @tmp/new',
      'close @tmp/new',
      'rename @tmp/new a/b/c',
      ...made('a/b', 'a'),
      'rename @tmp/new a/b/c',
      'sync a/b',
      'close a/b',
      'sync a',
      'close a',
      'sync .',
      'close .',
    ])
  })

  it('fsyncs no parent again that it has fsynced', async () => {
    const driver = await fileDriver({ root })
    await driver.put('a/b/c', bodyOf('bytes'))
    taken()
    await driver.put('a/b/c', bodyOf('other bytes'))
    expect(taken('mkdir', 'sync')).toEqual(['sync @tmp/new', 'sync a/b'])
    await driver.put('a/d/e', bodyOf('bytes'))
    expect(taken('mkdir', 'sync')).toEqual(['sync @tmp/new', 'mkdir a/d', 'sync a/d', 'sync a'])
    await driver.put('f', bodyOf('bytes'))
    expect(taken('mkdir', 'sync')).toEqual(['sync @tmp/new', 'sync .'])
  })

  it('fsyncs the parents of directories that another process has made', async () => {
    const driver = await fileDriver({ root })
    await mkdir(join(root, 'a/b'), { recursive: true })
    taken()
    await driver.put('a/b/c', bodyOf('bytes'))
    expect(taken('sync')).toEqual(['sync @tmp/new', 'sync a/b', 'sync a', 'sync .'])
  })

  it('waits for the parents of a new directory also when another put has made it', async () => {
    const drivers = [await fileDriver({ root }), await fileDriver({ root })]
    taken()
    await Promise.all(drivers.map((driver, i) => driver.put(`a/b/${i}`, bodyOf('bytes'))))
    const syncs = taken('sync')
    for (const directory of ['sync a/b', 'sync a', 'sync .']) expect(syncs.filter((call) => call === directory)).toHaveLength(2)
  })

  it('does not rely on an fsync that another put has only begun', async () => {
    const driver = await fileDriver({ root })
    let release: () => void = () => undefined
    holds.set('sync .', new Promise((resolve) => (release = resolve)))
    taken()
    const puts = [driver.put('new/1', bodyOf('bytes'))]
    await vi.waitUntil(() => calls.includes('sync .'))
    puts.push(driver.put('new/2', bodyOf('bytes')))
    try {
      await vi.waitFor(() => {
        expect(calls.filter((call) => call === 'sync .'), 'each put fsyncs the parent that none has fsynced yet').toHaveLength(2)
      })
    } finally {
      release()
      await Promise.all(puts)
    }
  })

  it('fsyncs again, and forgets nothing that matters, when it has seen more directories than it remembers', async () => {
    const directories = durableDirectories(root, 2)
    const settled = async (directory: string): Promise<string[]> => {
      await directories.make(join(root, directory))
      taken()
      await directories.settle(join(root, directory))
      return taken('sync')
    }
    expect(await settled('a')).toEqual(['sync a', 'sync .'])
    expect(await settled('a')).toEqual(['sync a'])
    expect(await settled('b')).toEqual(['sync b', 'sync .'])
    expect(await settled('a')).toEqual(['sync a', 'sync .'])
  })

  it('makes a directory again that was removed behind its back', async () => {
    const driver = await fileDriver({ root })
    await driver.put('a/b', bodyOf('bytes'))
    await rm(join(root, 'a'), { recursive: true })
    await driver.put('a/b', bodyOf('bytes'))
    expect((await driver.head('a/b'))?.size).toBe(5)
  })

  it('writes many small chunks at once, and large ones as they are', async () => {
    const driver = await fileDriver({ root })
    taken()
    await driver.put('small', bodyOf(...Array.from({ length: 1000 }, () => 'chunk')))
    expect(taken('write')).toEqual(['write @tmp/new'])
    await driver.put('large', bodyOf('small', Buffer.alloc(300_000), 'small', Buffer.alloc(200_000), Buffer.alloc(100_000)))
    expect(taken('write')).toHaveLength(4)
  })
})

describe('put of a large file', () => {
  const chunk = Buffer.alloc(2 ** 20)
  const large = (): AsyncIterable<Uint8Array> => bodyOf(...Array.from({ length: 20 }, () => chunk))

  it('brings bytes to the disk while more are written, and fsyncs all of them at the end', async () => {
    const driver = await fileDriver({ root })
    taken()
    await driver.put('large', large())
    const order = taken('write', 'datasync', 'sync', 'rename')
    expect(order.filter((call) => call === 'write @tmp/new')).toHaveLength(20)
    expect(order.slice(0, 10)).toEqual([...Array.from({ length: 8 }, () => 'write @tmp/new'), 'datasync @tmp/new', 'write @tmp/new'])
    expect(order.slice(-3)).toEqual(['sync @tmp/new', 'rename @tmp/new large', 'sync .'])
  })

  it('does not wait for what another has under way, nor for its own before the end', async () => {
    const driver = await fileDriver({ root })
    let release = (): void => undefined
    holds.set('datasync @tmp/new', new Promise((resolve) => (release = resolve)))
    taken()
    const first = driver.put('first', large())
    await vi.waitUntil(() => calls.filter((call) => call === 'write @tmp/new').length === 20)
    await driver.put('second', large())
    expect(taken('datasync', 'rename')).toEqual(['datasync @tmp/new', 'rename @tmp/new second'])
    release()
    await first
    expect(taken('datasync', 'sync', 'rename')).toEqual(['sync @tmp/new', 'rename @tmp/new first', 'sync .'])
    holds.clear()
    await driver.put('third', large())
    expect(taken('datasync').length, 'the next may begin one again').toBeGreaterThan(0)
  }, 10_000)
})

describe('delete', () => {
  it('fsyncs each directory once, when everything is unlinked', async () => {
    const driver = await fileDriver({ root })
    for (const key of ['a/b', 'a/c', 'd']) await driver.put(key, bodyOf('bytes'))
    taken()
    await driver.delete(['a/b', 'd', 'a/c'])
    expect(taken('unlink', 'sync')).toEqual(['unlink a/b', 'unlink d', 'unlink a/c', 'sync a', 'sync .'])
  })

  it('fsyncs also where another has unlinked, and not yet fsynced', async () => {
    const driver = await fileDriver({ root })
    await driver.put('a/b', bodyOf('bytes'))
    await rm(join(root, 'a/b'))
    taken()
    await driver.delete(['a/b', 'absent/b'])
    expect(taken('sync')).toEqual(['sync a'])
  })
})

describe('a start', () => {
  it('fsyncs what holds the root and each directory above it', async () => {
    await fileDriver({ root: join(root, 'a/b') })
    expect(taken('mkdir', 'sync').slice(0, 6)).toEqual([...made('a/b', 'a'), 'sync a', 'sync .', 'sync ..'])
    await fileDriver({ root: join(root, 'a/b') })
    expect(taken('mkdir', 'sync').slice(0, 4)).toEqual(['mkdir a/b', 'sync a', 'sync .', 'sync ..'])
  })
})
