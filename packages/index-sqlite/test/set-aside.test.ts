import { type FileHandle, mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { setAside, sqliteIndex } from '../src/index.js'
import { temporaryDirectory } from './temporary-directory.js'

vi.mock('node:fs/promises', { spy: true })

describe('setAside', () => {
  it('keeps the file and what is beside it under another name, and leaves room for a new one', async () => {
    const folder = await temporaryDirectory()
    const file = path.join(folder, 'index.sqlite')
    for (const suffix of ['', '-wal', '-shm']) await writeFile(file + suffix, `bytes${suffix}`)
    const aside = await setAside(file, 'corrupt')
    expect(path.basename(aside!)).toMatch(/^index\.sqlite\.corrupt-\d{4}-\d\d-\d\dT[\d-]+Z$/)
    expect((await readdir(folder)).sort()).toEqual(['', '-shm', '-wal'].map((suffix) => path.basename(aside!) + suffix))
    for (const suffix of ['', '-wal', '-shm']) expect(await readFile(aside! + suffix, 'utf8')).toBe(`bytes${suffix}`)
    await (await sqliteIndex({ file })).close()
  })

  it('takes the log only once a power loss cannot bring back the database without it', async () => {
    const folder = await temporaryDirectory()
    const file = path.join(folder, 'index.sqlite')
    for (const suffix of ['', '-wal', '-shm']) await writeFile(file + suffix, '')
    const handle = await open(folder)
    const sync = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'sync')
    await handle.close()
    vi.clearAllMocks()
    await setAside(file, 'corrupt')
    expect(vi.mocked(open).mock.calls).toEqual([[folder, 'r']])
    const renames = vi.mocked(rename).mock
    const calls = [
      ...renames.invocationCallOrder.map((order, call) => ({ order, what: `rename ${path.basename(String(renames.calls[call]![0]))}` })),
      ...sync.mock.invocationCallOrder.map((order) => ({ order, what: 'sync' })),
    ]
    expect(calls.sort((a, b) => a.order - b.order).map(({ what }) => what)).toEqual([
      'rename index.sqlite',
      'sync',
      'rename index.sqlite-wal',
      'rename index.sqlite-shm',
    ])
  })

  it('does nothing where there is none', async () => {
    const folder = await temporaryDirectory()
    expect(await setAside(path.join(folder, 'index.sqlite'), 'corrupt')).toBeUndefined()
    expect(await readdir(folder)).toEqual([])
  })

  it('names the file where it cannot', async () => {
    const folder = await temporaryDirectory()
    await mkdir(path.join(folder, 'x'))
    await writeFile(path.join(folder, 'x', 'y'), '')
    await expect(setAside(path.join(folder, 'x', 'y', 'index.sqlite'), 'corrupt')).rejects.toMatchObject({ code: 'CONFIG', operation: 'set aside' })
  })
})
