import { chmod, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { driver as driverModule, fileDriver } from '../src/index.js'
import { temporaryDirectory } from './file-harness.js'
import { bodyOf, everyName, readText } from './objects.js'

let directory: string

beforeEach(async () => {
  directory = await temporaryDirectory()
})

afterEach(() => rm(directory, { recursive: true, force: true }))

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8)
}

it('keeps each object in the file that its key names', async () => {
  const driver = await fileDriver({ root: directory })
  await driver.put('a/b-c/d', bodyOf('bytes'))
  expect(await everyName(directory)).toEqual(['@tmp', 'a', 'a/b-c', 'a/b-c/d'])
})

it('lets nobody else read what it makes', async () => {
  const root = join(directory, 'made/root')
  const driver = await fileDriver({ root })
  for (const key of ['a/b', 'a/c']) await driver.put(key, bodyOf('bytes'))
  for (const path of ['made', 'made/root', 'made/root/@tmp', 'made/root/a']) expect(await modeOf(join(directory, path))).toBe('700')
  for (const path of ['a/b', 'a/c']) expect(await modeOf(join(root, path))).toBe('600')
})

it('leaves the permissions of a root that was there', async () => {
  await chmod(directory, 0o750)
  await fileDriver({ root: directory })
  expect(await modeOf(directory)).toBe('750')
})

it('takes many puts at once in a directory that is new', async () => {
  const drivers = [await fileDriver({ root: directory }), await fileDriver({ root: directory })]
  await Promise.all(Array.from({ length: 60 }, (_, i) => drivers[i % 2]!.put(`new/${i % 3}/${i}`, bodyOf(`bytes ${i}`))))
  for (let i = 0; i < 60; i++) expect(await readText(drivers[0]!, `new/${i % 3}/${i}`)).toBe(`bytes ${i}`)
  expect((await everyName(directory)).filter((name) => name.includes('@'))).toEqual(['@tmp'])
})

it('takes objects of 8 TiB unless told otherwise', async () => {
  expect((await fileDriver({ root: directory })).capabilities.limits.objectBytes).toBe(2 ** 43)
  expect((await fileDriver({ root: directory, objectBytes: 5 })).capabilities.limits.objectBytes).toBe(5)
})

it('is found by the server as `driver`', async () => {
  expect(driverModule).toMatchObject({ contract: 1, name: 'file', options: { root: { type: 'path', default: './data' } } })
  const driver = await driverModule.open({ root: directory })
  await driver.put('key', bodyOf('bytes'))
  expect(await readText(driver, 'key')).toBe('bytes')
})
