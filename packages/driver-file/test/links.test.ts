import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Driver } from '@registry/core'
import { fileDriver } from '../src/index.js'
import { temporaryDirectory } from './file-harness.js'
import { bodyOf, everyName, keysOf, readText } from './objects.js'

let directory: string
let root: string
let outside: string
let driver: Driver

beforeEach(async () => {
  directory = await temporaryDirectory()
  root = join(directory, 'root')
  outside = join(directory, 'outside')
  await mkdir(join(outside, 'deep'), { recursive: true })
  for (const name of ['secret', 'deep/secret']) await writeFile(join(outside, name), 'not ours')
  driver = await fileDriver({ root })
  await driver.put('a/object', bodyOf('ours'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

const calls: [string, (key: string) => Promise<unknown>][] = [
  ['head', (key) => driver.head(key)],
  ['open', (key) => driver.open(key)],
  ['put', (key) => driver.put(key, bodyOf('new'))],
  ['delete', (key) => driver.delete([key])],
]

/** Each link that may lie below the root, and a key through it. */
const links: [string, link: string, target: () => string, key: string][] = [
  ['a folder that is a link out of the root', 'folder', () => outside, 'folder/secret'],
  ['a folder above the folder that is one', 'folder', () => outside, 'folder/deep/secret'],
  ['a folder below another that is one', 'a/folder', () => outside, 'a/folder/secret'],
  ['a folder in which the object is not there', 'folder', () => outside, 'folder/absent'],
  ['a folder in which the folder is not there', 'folder', () => outside, 'folder/absent/absent'],
  ['a folder that leads to another in the root', 'folder', () => join(root, 'a'), 'folder/object'],
  ['a folder that leads to nothing', 'folder', () => join(directory, 'nothing'), 'folder/object'],
  ['a folder that leads to itself', 'folder', () => join(root, 'folder'), 'folder/object'],
  ['an object that is a link out of the root', 'a/link', () => join(outside, 'secret'), 'a/link'],
  ['an object that leads to another', 'a/link', () => join(root, 'a/object'), 'a/link'],
  ['an object that leads to nothing', 'a/link', () => join(directory, 'nothing'), 'a/link'],
]

describe.each(calls)('%s', (operation, call) => {
  it.each(links)('refuses %s, by its path, and changes nothing', async (_, link, target, key) => {
    await symlink(target(), join(root, link))
    const before = await everyName(directory)
    const called = call(key)
    await expect(called).rejects.toMatchObject({ code: 'ACCESS_DENIED', driver: 'file', operation, key })
    await expect(called).rejects.toThrow(`${join(root, link)}: this is a symbolic link`)
    expect(await everyName(directory)).toEqual(before)
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('not ours')
    expect(await readText(driver, 'a/object')).toBe('ours')
  })
})

describe('list', () => {
  it.each(links)('refuses %s, by its path', async (_, link, target) => {
    await symlink(target(), join(root, link))
    await expect(keysOf(driver.list())).rejects.toMatchObject({ code: 'ACCESS_DENIED', driver: 'file', operation: 'list' })
    await expect(keysOf(driver.list())).rejects.toThrow(`${join(root, link)}: this is a symbolic link`)
  })

  it('refuses a prefix that leads through one', async () => {
    await symlink(outside, join(root, 'folder'))
    for (const prefix of ['folder', 'folder/', 'folder/s', 'folder/deep/', 'folder/deep/secret']) {
      await expect(keysOf(driver.list({ prefix })), prefix).rejects.toThrow(join(root, 'folder'))
    }
  })

  it('has no business with one that it does not select', async () => {
    await symlink(outside, join(root, 'b'))
    await symlink(outside, join(root, '@link'))
    expect(await keysOf(driver.list({ prefix: 'a' }))).toEqual(['a/object'])
    expect(await keysOf(driver.list({ after: 'c' }))).toEqual([])
    await expect(keysOf(driver.list({ after: 'b/c' }))).rejects.toThrow(join(root, 'b'))
  })
})

it('goes on when the link is replaced by what it leads to', async () => {
  await symlink(outside, join(root, 'folder'))
  await expect(driver.put('folder/new', bodyOf('new'))).rejects.toThrow('symbolic link')
  await rm(join(root, 'folder'))
  await rename(outside, join(root, 'folder'))
  await driver.put('folder/new', bodyOf('new'))
  expect(await keysOf(driver.list())).toEqual(['a/object', 'folder/deep/secret', 'folder/new', 'folder/secret'])
})

it('refuses a link in place of the folder of temporary files', async () => {
  await rm(join(root, '@tmp'), { recursive: true })
  await symlink(outside, join(root, '@tmp'))
  await expect(fileDriver({ root })).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
  await expect(fileDriver({ root })).rejects.toThrow(join(root, '@tmp'))
})

describe('a root that is a link', () => {
  it('works, and stays what it led to at the start', async () => {
    const link = join(directory, 'link')
    await symlink(root, link)
    const linked = await fileDriver({ root: link })
    await linked.put('b/object', bodyOf('through the link'))
    expect(await keysOf(linked.list())).toEqual(['a/object', 'b/object'])
    await rm(link)
    await symlink(outside, link)
    await linked.put('b/object', bodyOf('still there'))
    await linked.delete(['a/object'])
    expect(await readText(driver, 'b/object')).toBe('still there')
    expect((await readdir(outside)).sort()).toEqual(['deep', 'secret'])
  })

  it('may lie below another', async () => {
    await symlink(directory, join(outside, 'link'))
    const linked = await fileDriver({ root: join(outside, 'link/root') })
    expect(await readText(linked, 'a/object')).toBe('ours')
  })

  it('is refused, by its path, where it leads to nothing', async () => {
    await symlink(join(directory, 'nothing'), join(directory, 'link'))
    await expect(fileDriver({ root: join(directory, 'link') })).rejects.toMatchObject({ code: 'CONFIG' })
    await expect(fileDriver({ root: join(directory, 'link') })).rejects.toThrow(join(directory, 'link'))
  })
})

it('takes a pipe for no object, and does not wait for its writer', async () => {
  execFileSync('mkfifo', [join(root, 'a/pipe')])
  expect(await driver.head('a/pipe')).toBeUndefined()
  await expect(driver.open('a/pipe')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await keysOf(driver.list())).toEqual(['a/object'])
})
