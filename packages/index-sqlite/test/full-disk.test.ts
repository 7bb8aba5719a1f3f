import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Index, PutChange } from '@registry/core'
import { expect, it } from 'vitest'
import { sqliteIndex } from '../src/index.js'
import { openIndex } from '../src/sqlite-index.js'
import { expectTrouble } from './expect-trouble.js'
import { plantZero, schemaWithZero } from './schema-zero.js'
import { describeWithTmpfs, fillDisk, smallDisk } from './small-disk.js'

const put = (sort: string, bytes = 10): PutChange => ({ op: 'put', key: { partition: 'p', sort }, value: 'x'.repeat(bytes), text: sort })
const sorts = async (index: Index): Promise<readonly string[]> => (await index.scan('p')).entries.map(({ key }) => key.sort)

describeWithTmpfs('on a full disk', () => {
  it('a commit is refused and changes nothing; reads go on, and commits when there is room', async () => {
    const disk = smallDisk()
    const file = path.join(disk, 'index.sqlite')
    const index = await sqliteIndex({ file })
    await index.commit([put('a'), put('b')])
    const ballast = await fillDisk(disk)
    for (const durable of [true, false]) {
      const error = await expectTrouble(index.commit([put('c'), { op: 'delete', key: put('a').key }], { durable }), 'NO_SPACE', file, 'make room')
      expect(error).toMatchObject({ operation: 'commit', outcome: undefined })
    }
    await expectTrouble(index.commit([put('d', 300_000)]), 'NO_SPACE', file, 'make room')
    expect(await sorts(index)).toEqual(['a', 'b'])
    expect((await index.search({ partition: 'p', text: 'a' })).entries).toHaveLength(1)
    await rm(ballast)
    await index.commit([put('e')])
    expect(await sorts(index)).toEqual(['a', 'b', 'e'])
    await index.close()
  })

  it('what was answered is there after a start, while it is full and later', async () => {
    const disk = smallDisk()
    const file = path.join(disk, 'index.sqlite')
    const first = await sqliteIndex({ file })
    const answered: string[] = []
    const fill = async (): Promise<void> => {
      for (;;) {
        const sort = `n${String(answered.length).padStart(3, '0')}`
        await first.commit([put(sort, 3000)])
        answered.push(sort)
      }
    }
    await expectTrouble(fill(), 'NO_SPACE', file, 'make room')
    expect(answered.length).toBeGreaterThan(10)
    await first.close()
    const second = await sqliteIndex({ file })
    expect(await sorts(second)).toEqual(answered)
    await second.close()
  })

  it('a new file is refused, and made when there is room', async () => {
    const disk = smallDisk()
    const file = path.join(disk, 'index.sqlite')
    for (const keep of [0, 4096, 16_384]) {
      const ballast = await fillDisk(disk, keep)
      await expectTrouble(sqliteIndex({ file }), 'NO_SPACE', file, 'make room')
      await rm(ballast)
    }
    const index = await sqliteIndex({ file })
    await index.commit([put('a')])
    await index.close()
  })

  it('a file that is there is refused in words where there is no room beside it, and opens when there is', async () => {
    const disk = smallDisk()
    const file = path.join(disk, 'index.sqlite')
    await (await sqliteIndex({ file })).close()
    const ballast = await fillDisk(disk)
    await expectTrouble(sqliteIndex({ file }), 'NO_SPACE', file, 'make room')
    await rm(ballast)
    await (await sqliteIndex({ file })).close()
  })

  it('a migration is refused without a change, and leaves no half of a copy', async () => {
    const disk = smallDisk()
    const file = path.join(disk, 'index.sqlite')
    plantZero(file, Array.from({ length: 20 }, (_, number) => put(`n${number}`, 3000)))
    const before = await readFile(file)
    for (const keep of [0, 8192, 98_304]) {
      const ballast = await fillDisk(disk, keep)
      await expectTrouble(openIndex({ file }, schemaWithZero), 'NO_SPACE', file, 'make room')
      await rm(ballast)
      expect((await readFile(file)).equals(before), `with ${keep} bytes left`).toBe(true)
      expect((await readdir(disk)).filter((name) => name.endsWith('.partial'))).toEqual([])
    }
    const index = await openIndex({ file, onMigration: () => undefined }, schemaWithZero)
    expect(await sorts(index)).toHaveLength(20)
    await index.close()
  })
})
