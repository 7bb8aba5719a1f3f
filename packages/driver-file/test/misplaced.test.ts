import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Driver } from '@registry/core'
import { fileDriver } from '../src/index.js'
import { temporaryDirectory } from './file-harness.js'
import { bodyOf, everyName, keysOf, readText } from './objects.js'

let root: string
let driver: Driver

beforeEach(async () => {
  root = await temporaryDirectory()
  driver = await fileDriver({ root })
  await driver.put('a/object', bodyOf('ours'))
})

afterEach(() => rm(root, { recursive: true, force: true }))

describe('a file where a directory should be', () => {
  it.each(['a/object/key', 'a/object/deep/key'])('refuses a put of %s, by its path, and loses nothing', async (key) => {
    const put = driver.put(key, bodyOf('new'))
    await expect(put).rejects.toMatchObject({ code: 'INTERNAL', operation: 'put', key, outcome: undefined })
    await expect(put).rejects.toThrow(`${join(root, key)}: a file is in place of a directory`)
    expect(await everyName(root)).toEqual(['@tmp', 'a', 'a/object'])
    expect(await readText(driver, 'a/object')).toBe('ours')
  })

  it('has no objects below it', async () => {
    expect(await driver.head('a/object/key')).toBeUndefined()
    await expect(driver.open('a/object/key')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await driver.delete(['a/object/key'])
    expect(await keysOf(driver.list({ prefix: 'a/object/' }))).toEqual([])
  })

  it('lets puts go on when it is gone', async () => {
    await writeFile(join(root, 'b'), '')
    await expect(driver.put('b/key', bodyOf('new'))).rejects.toThrow(join(root, 'b'))
    await rm(join(root, 'b'))
    await driver.put('b/key', bodyOf('new'))
    expect(await readText(driver, 'b/key')).toBe('new')
  })

  it('refuses a start, by its path, where temporary files should be', async () => {
    await rm(join(root, '@tmp'), { recursive: true })
    await writeFile(join(root, '@tmp'), '')
    const opened = fileDriver({ root })
    await expect(opened).rejects.toMatchObject({ code: 'CONFIG', driver: 'file' })
    await expect(opened).rejects.toThrow(join(root, '@tmp'))
    await rm(join(root, '@tmp'))
    expect(await readText(await fileDriver({ root }), 'a/object')).toBe('ours')
  })
})

it('a directory where an object should be refuses the put, by its path, and stays', async () => {
  await mkdir(join(root, 'a/folder/deep'), { recursive: true })
  await expect(driver.put('a/folder', bodyOf('new'))).rejects.toThrow(`${join(root, 'a/folder')}: a directory is in place`)
  await driver.delete(['a/folder'])
  expect(await everyName(root)).toEqual(['@tmp', 'a', 'a/folder', 'a/folder/deep', 'a/object'])
})

it('a directory that is missing is made, with everything above it', async () => {
  const deep = join(root, 'not/there/yet')
  const made = await fileDriver({ root: deep })
  await made.put('a/b', bodyOf('bytes'))
  expect(await everyName(deep)).toEqual(['@tmp', 'a', 'a/b'])
})

it('a root that is removed behind its back is empty, and is made again by the next put', async () => {
  await rm(root, { recursive: true })
  expect(await keysOf(driver.list())).toEqual([])
  await driver.put('a/object', bodyOf('new'))
  expect(await readText(driver, 'a/object')).toBe('new')
})
