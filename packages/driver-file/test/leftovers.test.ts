import { lutimes, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fileDriver } from '../src/index.js'
import { temporaryDirectory } from './file-harness.js'
import { bodyOf, everyName, readText } from './objects.js'
import { faults, taken, trace } from './traced-files.js'
import { startWriter } from './writer-process.js'

vi.mock('node:fs/promises', async (original) => (await import('./traced-files.js')).tracedFiles(await original()))

let root: string

beforeEach(async () => {
  root = await temporaryDirectory()
  trace(root)
})

afterEach(() => rm(root, { recursive: true, force: true }))

/** A file that was last written so many hours ago. */
async function fileOfAge(name: string, hours: number): Promise<void> {
  await mkdir(join(root, '@tmp'), { recursive: true })
  await writeFile(join(root, '@tmp', name), 'left')
  await utimes(join(root, '@tmp', name), hoursAgo(hours), hoursAgo(hours))
}

function hoursAgo(hours: number): Date {
  return new Date(Date.now() - hours * 60 * 60 * 1000)
}

describe('a start', () => {
  // Elsewhere nothing tells whether it lives, and its file stays for a day.
  it.runIf(process.platform === 'linux')('removes what a process left that was killed in the middle of a put', async () => {
    const writer = await startWriter(root, 'a/killed')
    expect(await readdir(join(root, '@tmp'))).toHaveLength(1)
    await writer.kill()
    const driver = await fileDriver({ root })
    expect(await everyName(root)).toEqual(['@tmp'])
    expect(await driver.head('a/killed')).toBeUndefined()
  })

  it('leaves alone what a living process is writing at this moment', async () => {
    const writer = await startWriter(root, 'a/living')
    const driver = await fileDriver({ root })
    expect(await readdir(join(root, '@tmp'))).toHaveLength(1)
    expect(await writer.finish()).toBe('done')
    expect(await readText(driver, 'a/living')).toBe('first half, second half')
  })

  it('leaves alone what another instance in this process is writing', async () => {
    const driver = await fileDriver({ root })
    async function* body(): AsyncGenerator<Uint8Array, void> {
      yield Buffer.alloc(300_000, 'a')
      await fileDriver({ root })
      yield Buffer.from('b')
    }
    await driver.put('key', body())
    expect((await driver.head('key'))?.size).toBe(300_001)
  })

  it.each([
    ['of a process of another boot, or machine', 'ffffffffffffffffffffffffffffffff-1-1-1.x.tmp'],
    ['of a process that nobody can tell anything about', 'elsewhere.x.tmp'],
  ])('removes a file %s when nothing was written to it for a day', async (_, name) => {
    await fileOfAge(name, 23)
    await fileDriver({ root })
    expect(await readdir(join(root, '@tmp'))).toEqual([name])
    await fileOfAge(name, 25)
    await fileDriver({ root })
    expect(await readdir(join(root, '@tmp'))).toEqual([])
  })

  it('removes nothing that is not its own', async () => {
    await fileOfAge('notes.txt', 100)
    await mkdir(join(root, '@tmp/folder.tmp'))
    await symlink('/etc', join(root, '@tmp/link.tmp'))
    for (const name of ['folder.tmp', 'link.tmp']) await lutimes(join(root, '@tmp', name), hoursAgo(100), hoursAgo(100))
    await fileDriver({ root })
    expect((await readdir(join(root, '@tmp'))).sort()).toEqual(['folder.tmp', 'link.tmp', 'notes.txt'])
  })

  it('reads no other folder, however many there are', async () => {
    const driver = await fileDriver({ root })
    for (const key of ['a/b/c', 'd/e']) await driver.put(key, bodyOf('bytes'))
    taken()
    await fileDriver({ root })
    expect(taken('readdir')).toEqual(['readdir @tmp'])
  })

  it('goes on where a leftover cannot be removed', async () => {
    await fileOfAge('elsewhere.x.tmp', 25)
    faults.set('rm @tmp/new', 'EPERM')
    const driver = await fileDriver({ root })
    await driver.put('key', bodyOf('bytes'))
    expect(await readText(driver, 'key')).toBe('bytes')
  })

  it('makes nothing, so that it needs no room', async () => {
    const driver = await fileDriver({ root })
    await driver.put('key', bodyOf('bytes'))
    taken()
    await fileDriver({ root })
    expect(taken('create', 'write', 'rename')).toEqual([])
  })
})

it('goes on where the folder of temporary files is removed behind its back', async () => {
  const driver = await fileDriver({ root })
  await driver.put('a', bodyOf('bytes'))
  await rm(join(root, '@tmp'), { recursive: true })
  await driver.put('b', bodyOf('bytes'))
  expect(await readText(driver, 'b')).toBe('bytes')
})
