import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { sqliteIndex } from '../src/index.js'
import { temporaryDirectory } from './temporary-directory.js'

const script = path.join(import.meta.dirname, 'children', 'increment.mjs')
const increment = async (file: string, times: number): Promise<unknown> => promisify(execFile)(process.execPath, [script, file, String(times)])

describe('several processes on one file', () => {
  it('create it together, and lose no commit of each other', async () => {
    const file = path.join(await temporaryDirectory(), 'new', 'index.sqlite')
    await Promise.all([1, 2, 3, 4].map(() => increment(file, 25)))
    const index = await sqliteIndex({ file })
    const [entry] = await index.get([{ partition: 'facts', sort: 'count' }])
    expect(entry?.value).toBe(100)
    expect((await index.search({ partition: 'facts', text: 'count 100' })).entries).toHaveLength(1)
    expect((await index.search({ partition: 'facts', text: 'count 99' })).entries).toHaveLength(0)
    await index.close()
  })

  it('see what another one committed while they were open', async () => {
    const file = path.join(await temporaryDirectory(), 'index.sqlite')
    const index = await sqliteIndex({ file })
    await index.commit([{ op: 'put', key: { partition: 'facts', sort: 'count' }, value: 5 }])
    await increment(file, 3)
    expect((await index.scan('facts')).entries.map(({ value }) => value)).toEqual([8])
    await index.close()
  })
})
