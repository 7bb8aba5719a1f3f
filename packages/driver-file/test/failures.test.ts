import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Driver } from '@registry/core'
import { fileDriver } from '../src/index.js'
import { temporaryDirectory } from './file-harness.js'
import { bodyOf, everyName, keysOf, readAll, readText } from './objects.js'
import { faults, holds, taken, trace } from './traced-files.js'

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).tracedFiles(await original()))

let root: string
let driver: Driver

beforeEach(async () => {
  root = await temporaryDirectory()
  driver = await fileDriver({ root, objectBytes: 1000 })
  await driver.put('a/old', bodyOf('old'))
  trace(root)
})

afterEach(() => rm(root, { recursive: true, force: true }))

describe('a put that fails', () => {
  it.each([
    ['create @tmp/new', 'EMFILE', 'UNAVAILABLE'],
    ['create @tmp/new', 'EACCES', 'ACCESS_DENIED'],
    ['write @tmp/new', 'ENOSPC', 'NO_SPACE'],
    ['write @tmp/new', 'EDQUOT', 'NO_SPACE'],
    ['write @tmp/new', 'EFBIG', 'LIMIT_EXCEEDED'],
    ['sync @tmp/new', 'EIO', 'INTERNAL'],
    ['close @tmp/new', 'EIO', 'INTERNAL'],
    ['rename @tmp/new a/old', 'EROFS', 'ACCESS_DENIED'],
  ])('at %s with %s tells %s, and leaves nothing', async (call, errno, code) => {
    faults.set(call, errno)
    const put = driver.put('a/old', bodyOf('new'))
    await expect(put).rejects.toMatchObject({ code, driver: 'file', operation: 'put', key: 'a/old', outcome: undefined, cause: { code: errno } })
    await expect(put).rejects.toThrow(call.startsWith('create') ? join(root, '@tmp') : join(root, 'a/old'))
    faults.clear()
    expect(await everyName(root)).toEqual(['@tmp', 'a', 'a/old'])
    expect(await readText(driver, 'a/old')).toBe('old')
  })

  it('at an early fsync tells it, although the last one succeeds, and the next put begins one again', async () => {
    const large = await fileDriver({ root })
    const put = (): Promise<unknown> => large.put('a/old', bodyOf(...Array.from({ length: 12 }, () => Buffer.alloc(2 ** 20))))
    for (let n = 0; n < 2; n++) {
      faults.set('datasync @tmp/new', 'EIO')
      taken()
      await expect(put()).rejects.toMatchObject({ code: 'INTERNAL', operation: 'put', key: 'a/old', outcome: undefined, cause: { code: 'EIO' } })
      expect(taken('datasync', 'rename')).toEqual(['datasync @tmp/new'])
      faults.clear()
      expect(await everyName(root)).toEqual(['@tmp', 'a', 'a/old'])
    }
    expect(await readText(driver, 'a/old')).toBe('old')
  })

  it.each(['sync a', 'open a'])('at %s, behind the rename, tells that its outcome is unknown', async (call) => {
    faults.set(call, 'EIO')
    await expect(driver.put('a/old', bodyOf('new'))).rejects.toMatchObject({ code: 'INTERNAL', outcome: 'unknown', key: 'a/old' })
  })

  it('does not take a directory for durable when its fsync failed', async () => {
    faults.set('sync .', 'EIO')
    await expect(driver.put('new/key', bodyOf('new'))).rejects.toMatchObject({ outcome: 'unknown' })
    faults.clear()
    taken()
    await driver.put('new/key', bodyOf('new'))
    expect(taken('sync')).toEqual(['sync @tmp/new', 'sync new', 'sync .'])
  })

  it.each([
    ['a body that throws', () => driver.put('a/old', throwing()), 'thrown'],
    ['a short body', () => driver.put('a/old', bodyOf('x'), { size: 2 }), 'declared'],
    ['a long body', () => driver.put('a/old', bodyOf('xxx'), { size: 2 }), 'declared'],
    ['a body beyond the limit', () => driver.put('a/old', bodyOf(Buffer.alloc(1001))), 'limit'],
    ['an abort while the body hangs', () => abortedPut(), 'aborted'],
    ['a signal that is aborted behind the last byte', () => abortedAtEnd(), 'aborted'],
  ])('for %s leaves nothing', async (_, put, message) => {
    await expect(put()).rejects.toThrow(message)
    expect(await everyName(root)).toEqual(['@tmp', 'a', 'a/old'])
    expect(await readText(driver, 'a/old')).toBe('old')
    expect(taken('create', 'close').filter((call) => call.includes('@tmp'))).toEqual(['create @tmp/new', 'close @tmp/new'])
  })

  it('passes on an error of the body that looks like one of its own', async () => {
    const reason = Object.assign(new Error('ENOSPC: somewhere else'), { code: 'ENOSPC' })
    await expect(driver.put('a/new', throwing(reason))).rejects.toBe(reason)
  })

  it('names the path where a file is in place of a folder, or a folder in place of a file', async () => {
    await expect(driver.put('a/old/key', bodyOf('new'))).rejects.toThrow(join(root, 'a/old'))
    await expect(driver.put('a', bodyOf('new'))).rejects.toThrow(join(root, 'a'))
    expect(await everyName(root)).toEqual(['@tmp', 'a', 'a/old'])
  })
})

it('writes on where the file system takes a part of what it is given', async () => {
  trace(root, { atOnce: 7 })
  const text = 'a text of more than seven bytes'
  expect(await driver.put('a/new', bodyOf(text))).toEqual({ size: text.length })
  expect(await readText(driver, 'a/new')).toBe(text)
})

describe('other calls that fail', () => {
  it('tell what they were about', async () => {
    faults.set('lstat a/old', 'EACCES').set('open a/old', 'ENFILE').set('unlink a/old', 'EPERM').set('readdir .', 'EIO')
    const path = join(root, 'a/old')
    await expect(driver.head('a/old')).rejects.toMatchObject({ code: 'ACCESS_DENIED', operation: 'head', key: 'a/old' })
    await expect(driver.open('a/old')).rejects.toMatchObject({ code: 'UNAVAILABLE', operation: 'open', key: 'a/old', retryable: true })
    await expect(driver.delete(['a/old'])).rejects.toMatchObject({ code: 'ACCESS_DENIED', operation: 'delete', key: 'a/old' })
    await expect(keysOf(driver.list())).rejects.toMatchObject({ code: 'INTERNAL', operation: 'list' })
    await expect(keysOf(driver.list())).rejects.toThrow(root)
    await expect(driver.head('a/old')).rejects.toThrow(path)
    await expect(driver.open('a/old')).rejects.toThrow(path)
    await expect(driver.delete(['a/old'])).rejects.toThrow(path)
  })

  it('tell that a delete may have happened when its fsync fails', async () => {
    faults.set('sync a', 'EIO')
    await expect(driver.delete(['a/old'])).rejects.toMatchObject({ operation: 'delete', outcome: 'unknown' })
  })
})

describe('a start that fails', () => {
  it('names the path that is a file, or is below one', async () => {
    await writeFile(join(root, 'file'), '')
    for (const path of [join(root, 'file'), join(root, 'file/below')]) {
      const opened = fileDriver({ root: path })
      await expect(opened).rejects.toMatchObject({ code: 'CONFIG', driver: 'file' })
      await expect(opened).rejects.toThrow(path)
    }
    for (const path of ['', 'a\0b']) await expect(fileDriver({ root: path })).rejects.toMatchObject({ code: 'CONFIG' })
  })

  it.each(['EACCES', 'EROFS'])('with %s names the path that cannot be made', async (errno) => {
    faults.set('mkdir b', errno)
    const opened = fileDriver({ root: join(root, 'b') })
    await expect(opened).rejects.toMatchObject({ code: 'ACCESS_DENIED', driver: 'file' })
    await expect(opened).rejects.toThrow(join(root, 'b'))
  })

  it('with a root that may not be written names its path', async () => {
    faults.set('access .', 'EACCES')
    const opened = fileDriver({ root })
    await expect(opened).rejects.toMatchObject({ code: 'ACCESS_DENIED', driver: 'file' })
    await expect(opened).rejects.toThrow(root)
  })

  it('tells where what it made cannot be made durable', async () => {
    faults.set('sync .', 'EIO')
    await expect(fileDriver({ root: join(root, 'b') })).rejects.toMatchObject({ code: 'INTERNAL' })
    await expect(fileDriver({ root: join(root, 'deep/down') })).rejects.toMatchObject({ code: 'INTERNAL' })
    await mkdir(join(root, 'c'))
    // What was there is the business of whoever made it, as far as we may not look.
    await expect(fileDriver({ root: join(root, 'c') })).resolves.toBeDefined()
    faults.clear()
    faults.set('open ..', 'EACCES')
    await expect(fileDriver({ root: join(root, 'd') })).resolves.toBeDefined()
  })
})

describe('an abort in the middle', () => {
  it.each<[string, string, (signal: AbortSignal) => Promise<unknown>]>([
    ['head', 'lstat a/old', (signal) => driver.head('a/old', { signal })],
    ['open', 'open a/old', (signal) => driver.open('a/old', { signal })],
    ['delete', 'unlink a/absent', (signal) => driver.delete(['a/absent', 'a/old'], { signal })],
    ['list', 'readdir a', (signal) => keysOf(driver.list({ after: 'a', signal }))],
  ])('ends %s', async (_, call, start) => {
    const controller = new AbortController()
    const reason = new Error('aborted in the middle')
    let release: () => void = () => undefined
    holds.set(call, new Promise((resolve) => (release = resolve)))
    const started = start(controller.signal)
    controller.abort(reason)
    release()
    await expect(started).rejects.toBe(reason)
    expect(taken('open', 'close').filter((entry) => entry.endsWith('a/old')).length % 2, 'what was opened is closed').toBe(0)
    expect(await readText(driver, 'a/old')).toBe('old')
  })
})

it('refuses a key that would leave the root', async () => {
  for (const key of ['../key', 'a/../../key', '/etc/passwd', 'a//b', '']) {
    await expect(driver.head(key)).rejects.toThrow(TypeError)
    await expect(driver.open(key).then(readAll)).rejects.toThrow(TypeError)
    await expect(driver.put(key, bodyOf('x'))).rejects.toThrow(TypeError)
    await expect(driver.delete([key])).rejects.toThrow(TypeError)
  }
})

async function* throwing(reason: unknown = new Error('thrown')): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from('bytes')
  throw reason
}

async function abortedPut(): Promise<unknown> {
  const controller = new AbortController()
  async function* hanging(): AsyncGenerator<Uint8Array, void> {
    yield Buffer.from('bytes')
    setImmediate(() => {
      controller.abort(new Error('aborted'))
    })
    await new Promise(() => undefined)
  }
  return driver.put('a/old', hanging(), { signal: controller.signal })
}

async function abortedAtEnd(): Promise<unknown> {
  const controller = new AbortController()
  async function* ending(): AsyncGenerator<Uint8Array, void> {
    yield Buffer.from('bytes')
    // The body is at its end before anyone can see the abort.
    queueMicrotask(() => {
      setImmediate(() => {
        controller.abort(new Error('aborted'))
      })
    })
  }
  return driver.put('a/old', ending(), { signal: controller.signal })
}
