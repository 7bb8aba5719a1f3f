import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Driver, ListOptions } from '@registry/core'
import { fileDriver } from '../src/index.js'
import { temporaryDirectory } from './file-harness.js'
import { bodyOf, keysOf } from './objects.js'
import { taken, trace } from './traced-files.js'

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).tracedFiles(await original()))

let root: string
let driver: Driver

beforeEach(async () => {
  root = await temporaryDirectory()
  driver = await fileDriver({ root })
  for (const key of ['a/b/c', 'a/d/e', 'a/f', 'ab/c', 'g/h']) await driver.put(key, bodyOf('bytes'))
  trace(root)
})

afterEach(() => rm(root, { recursive: true, force: true }))

describe('list', () => {
  it.each<[ListOptions, readonly string[]]>([
    [{}, ['.', 'a', 'a/b', 'a/d', 'ab', 'g']],
    [{ prefix: 'a/b/' }, ['a/b']],
    [{ prefix: 'a/' }, ['a', 'a/b', 'a/d']],
    [{ prefix: 'a' }, ['.', 'a', 'a/b', 'a/d', 'ab']],
    [{ prefix: 'a/d' }, ['a', 'a/d']],
    [{ prefix: 'x/y' }, ['x']],
    [{ prefix: '../' }, []],
    [{ after: 'a/d' }, ['.', 'a', 'a/d', 'ab', 'g']],
    [{ after: 'a/d/e' }, ['.', 'a', 'a/d', 'ab', 'g']],
    [{ after: 'a/e' }, ['.', 'a', 'ab', 'g']],
    [{ after: 'b' }, ['.', 'g']],
    [{ prefix: 'a/', after: 'a/c' }, ['a', 'a/d']],
  ])('%j reads no more directories than it has to', async (options, directories) => {
    await keysOf(driver.list(options))
    expect(taken('readdir')).toEqual(directories.map((directory) => `readdir ${directory}`))
  })

  it('stops when its loop is left', async () => {
    for await (const { key } of driver.list()) if (key === 'a/b/c') break
    expect(taken('readdir', 'lstat')).toEqual(['readdir .', 'readdir a', 'readdir a/b', 'lstat a/b/c'])
  })

  it('does not see names that no key can have', async () => {
    await mkdir(join(root, '@lost'))
    await mkdir(join(root, 'Folder'))
    for (const name of ['@index.sqlite', '@index.sqlite-wal', 'a/@1.tmp', 'a/.DS_Store', 'a/b c', '@lost/key', 'Folder/key', 'a/f~']) {
      await writeFile(join(root, name), '')
    }
    expect(await keysOf(driver.list())).toEqual(['a/b/c', 'a/d/e', 'a/f', 'ab/c', 'g/h'])
    expect(taken('readdir')).not.toContain('readdir @lost')
  })

  it('goes on where a directory or a file is removed meanwhile', async () => {
    const keys: string[] = []
    for await (const { key } of driver.list()) {
      keys.push(key)
      if (key === 'a/b/c') await Promise.all([rm(join(root, 'a/d'), { recursive: true }), rm(join(root, 'a/f'))])
    }
    expect(keys).toEqual(['a/b/c', 'ab/c', 'g/h'])
  })
})
