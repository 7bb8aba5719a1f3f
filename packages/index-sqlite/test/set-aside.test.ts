import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { setAside, sqliteIndex } from '../src/index.js'
import { temporaryDirectory } from './temporary-directory.js'

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
