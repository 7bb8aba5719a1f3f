import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Driver } from '@registry/core'
import { fileDriver } from '../src/index.js'
import { describeWithTmpfs, mountSmallDisk, type SmallDisk } from './describe-with-tmpfs.js'
import { bodyOf, everyName, keysOf, readAll, readText } from './objects.js'

const mebibyte = Buffer.alloc(2 ** 20, 'bytes of which there are many ')

let disk: SmallDisk
let root: string
let driver: Driver

describeWithTmpfs('a small disk', () => {
  beforeEach(async () => {
    disk = mountSmallDisk('size=3m,nr_inodes=20')
    root = join(disk.path, 'root')
    driver = await fileDriver({ root })
    await driver.put('a/old', bodyOf('old'))
  })

  afterEach(() => {
    disk.unmount()
  })

  /** Objects of a mebibyte, until there is no room for another. */
  async function fill(): Promise<void> {
    for (const key of ['fill/1', 'fill/2']) await driver.put(key, bodyOf(mebibyte))
  }

  it('that becomes full in a put says so by the path, and loses nothing', async () => {
    await fill()
    const before = await everyName(root)
    for (const key of ['a/old', 'a/new', 'new/new']) {
      const put = driver.put(key, bodyOf(mebibyte))
      await expect(put).rejects.toMatchObject({ code: 'NO_SPACE', driver: 'file', operation: 'put', key, outcome: undefined })
      await expect(put).rejects.toThrow(`${join(root, key)}: no room is left`)
    }
    expect(await everyName(root)).toEqual(before)
    expect(await readText(driver, 'a/old')).toBe('old')
    expect((await readAll(await driver.open('fill/1'))).equals(mebibyte)).toBe(true)
  })

  it('that is full goes on as soon as there is room, made by delete or from outside', async () => {
    await fill()
    await expect(driver.put('a/new', bodyOf(mebibyte))).rejects.toMatchObject({ code: 'NO_SPACE' })
    await driver.delete(['fill/1'])
    await driver.put('a/new', bodyOf(mebibyte))
    await expect(driver.put('fill/1', bodyOf(mebibyte))).rejects.toMatchObject({ code: 'NO_SPACE' })
    disk.remount('size=6m')
    await driver.put('fill/1', bodyOf(mebibyte))
    expect(await keysOf(driver.list())).toEqual(['a/new', 'a/old', 'fill/1', 'fill/2'])
  })

  it('that is full to the last byte can still be started, read and deleted from', async () => {
    await fill()
    await writeFile(join(disk.path, 'foreign'), mebibyte).catch(() => undefined)
    const started = await fileDriver({ root })
    expect(await readText(started, 'a/old')).toBe('old')
    expect(await keysOf(started.list())).toEqual(['a/old', 'fill/1', 'fill/2'])
    await expect(started.put('a/new', bodyOf('new'))).rejects.toMatchObject({ code: 'NO_SPACE' })
    await started.delete(['fill/1'])
    await started.put('a/new', bodyOf('new'))
    expect(await keysOf(started.list())).toEqual(['a/new', 'a/old', 'fill/2'])
  })

  it('that has no names left says so by the path, and goes on', async () => {
    await mkdir(join(disk.path, 'names'))
    for (let i = 0; i < 20; i++) await writeFile(join(disk.path, `names/${i}`), '').catch(() => undefined)
    const put = driver.put('a/new', bodyOf('new'))
    await expect(put).rejects.toMatchObject({ code: 'NO_SPACE', key: 'a/new' })
    await expect(put).rejects.toThrow(root)
    await expect(fileDriver({ root: join(disk.path, 'other') })).rejects.toMatchObject({ code: 'NO_SPACE' })
    await expect(fileDriver({ root: join(disk.path, 'other') })).rejects.toThrow(join(disk.path, 'other'))
    disk.remount('nr_inodes=40')
    await driver.put('a/new', bodyOf('new'))
    expect(await keysOf(driver.list())).toEqual(['a/new', 'a/old'])
  })

  it('that becomes read-only says so by the path, still reads, and goes on', async () => {
    disk.remount('ro')
    for (const [path, begin] of [
      ['@tmp', () => driver.put('a/new', bodyOf('new'))],
      ['a/old', () => driver.delete(['a/old'])],
      ['', () => fileDriver({ root })],
    ] as const) {
      const call = begin()
      await expect(call).rejects.toMatchObject({ code: 'ACCESS_DENIED', driver: 'file' })
      await expect(call).rejects.toThrow(`${join(root, path)}: the file system is read-only`)
    }
    expect(await readText(driver, 'a/old')).toBe('old')
    disk.remount('rw')
    await driver.put('a/new', bodyOf('new'))
    expect(await keysOf(driver.list())).toEqual(['a/new', 'a/old'])
  })

  it('below the root of a driver is refused, by the path, and loses nothing', async () => {
    await mkdir(join(root, 'mounted'))
    const inner = mountSmallDisk('size=64k', join(root, 'mounted'))
    try {
      await writeFile(join(root, 'mounted/old'), 'old')
      for (const key of ['mounted/new', 'mounted/old']) {
        await expect(driver.put(key, bodyOf('new'))).rejects.toMatchObject({ code: 'CONFIG', operation: 'put', key })
        await expect(driver.put(key, bodyOf('new'))).rejects.toThrow(`${join(root, key)}: it lies on another file system`)
      }
      expect(await everyName(join(root, '@tmp'))).toEqual([])
      expect(await readText(driver, 'mounted/old')).toBe('old')
    } finally {
      inner.unmount()
    }
  })
})
