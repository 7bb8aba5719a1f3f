import type { Change, Json } from '@registry/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../src/connection.js'
import { sqliteIndex } from '../src/index.js'
import { watchedIndex } from './watched-index.js'

const key = { partition: 'p', sort: 's' }
const put = (value: Json): Change => ({ op: 'put', key, value })

const values = [{ version: 1, text: 'x' }, { nested: [{ a: 1 }] }, [1], 'text', null]

describe('a row that is read again', () => {
  it.each(values)('is %j, and is not looked up again', async (value) => {
    const { index, file, reads } = await watchedIndex()
    const other = await sqliteIndex({ file })
    onTestFinished(() => other.close())
    const [revision] = await other.commit([put(value)])
    for (let n = 0; n < 3; n++) expect(await index.get([key])).toEqual([{ key, value, revision }])
    expect(reads).toHaveLength(1)
  })

  it.each(values)('is %j, and is not looked up where this connection has written it', async (value) => {
    const { index, reads } = await watchedIndex()
    // What was kept before the first read is forgotten by it.
    await index.get([{ partition: 'p', sort: 'other' }])
    const [revision] = await index.commit([put(value)])
    for (let n = 0; n < 3; n++) expect(await index.get([key])).toEqual([{ key, value, revision }])
    expect(reads).toEqual([['p', 'other']])
  })

  it('is looked up where it is read with another', async () => {
    const { index, file, reads } = await watchedIndex()
    const other = await sqliteIndex({ file })
    onTestFinished(() => other.close())
    await other.commit([put(1), { op: 'put', key: { partition: 'p', sort: 't' }, value: 2 }])
    await index.get([key])
    expect(await index.get([{ partition: 'p', sort: 't' }, key, { partition: 'p', sort: 'u' }])).toMatchObject([{ value: 2 }, { value: 1 }, undefined])
    expect(reads).toHaveLength(3)
  })

  it('is as this connection left it', async () => {
    const { index } = await watchedIndex()
    await index.commit([put(1)])
    await index.get([key])
    await index.commit([put(2)])
    expect(await index.get([key])).toMatchObject([{ value: 2 }])
    await index.commit([{ op: 'delete', key }])
    expect(await index.get([key])).toEqual([undefined])
  })

  it('is as another connection left it', async () => {
    const { index, file } = await watchedIndex()
    const other = await sqliteIndex({ file })
    onTestFinished(() => other.close())
    await index.commit([put(1)])
    await index.get([key])
    await other.commit([put(2)])
    expect(await index.get([key])).toMatchObject([{ value: 2 }])
    await other.commit([{ op: 'delete', key }])
    expect(await index.get([key])).toEqual([undefined])
  })

  it('is of the same moment as another, where it was read while another connection committed', async () => {
    const [s, t] = [key, { partition: 'p', sort: 't' }]
    let meanwhile = (): void => {}
    const { index, file } = await watchedIndex({ onRead: ([, sort]) => { if (sort === 's') meanwhile() } })
    const other = await connect(file, 50)
    onTestFinished(() => { other.close() })
    await index.commit([put(1), { op: 'put', key: t, value: 1 }])
    // Has what was kept forgotten: from now on the one is kept and the other is not.
    other.exec("UPDATE entries SET value = '2'")
    expect(await index.get([t])).toMatchObject([{ value: 2 }])
    meanwhile = () => { other.exec("UPDATE entries SET value = '3'") }
    expect(await index.get([s])).toMatchObject([{ value: 3 }])
    meanwhile = () => {}
    expect(await index.get([s, t])).toMatchObject([{ value: 3 }, { value: 3 }])
  })

  it('is as one commit behind another of the same turn left it', async () => {
    const { index } = await watchedIndex()
    await index.get([key])
    await Promise.all([index.commit([put(1)]), index.commit([put(2)]), index.commit([{ op: 'put', key, value: 3, expect: 'absent' }]).catch(() => undefined)])
    expect(await index.get([key])).toMatchObject([{ value: 2 }])
    await Promise.all([index.commit([put(4)]), index.commit([{ op: 'delete', key }])])
    expect(await index.get([key])).toEqual([undefined])
  })

  it('has no value that JSON does not have', async () => {
    const { index } = await watchedIndex()
    await index.get([key])
    await index.commit([put({ version: 1, gone: undefined })])
    expect(Object.keys((await index.get([key]))[0]?.value as object)).toEqual(['version'])
  })

  it('is as it was before a commit that did not hold', async () => {
    const { index } = await watchedIndex()
    await index.commit([put(1)])
    await index.get([key])
    await expect(index.commit([{ op: 'put', key, value: 2, expect: 'absent' }])).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await index.get([key])).toMatchObject([{ value: 1 }])
  })

  it('is looked up again after a commit that failed', async () => {
    let fails = false
    const { index, reads } = await watchedIndex({ beforeCommit: () => { if (fails) throw new Error('the disk is gone') } })
    await index.commit([put(1)])
    await index.get([key])
    fails = true
    await expect(index.commit([put(2)])).rejects.toThrow('the disk is gone')
    const before = reads.length
    expect(await index.get([key])).toMatchObject([{ value: 1 }])
    expect(reads).toHaveLength(before + 1)
  })

  it('is the reader’s own', async () => {
    const { index } = await watchedIndex()
    await index.commit([put({ version: 1 })])
    for (let n = 0; n < 5; n++) {
      const [entry] = await index.get([key])
      expect(entry).toMatchObject({ value: { version: 1 } })
      Object.assign(entry?.value as object, { version: 2 })
    }
  })
})
