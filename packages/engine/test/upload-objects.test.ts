import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import { errorOf, onEachPair } from './support/bench.js'
import { body, broken, digestOf, readBlob } from './support/images.js'

onEachPair('the objects of a blob', (open) => {
  it('are as large as storage takes, and the blob goes on in the next', async () => {
    await using bench = await open({ objectBytes: 4 })
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('abcdefghij', 'k', 'lm'))
    await uploads.finish('a', id, { digest: digestOf('abcdefghijklmnopq'), body: body('nopq') })
    expect(await readBlob(bench.registry, 'a', digestOf('abcdefghijklmnopq'))).toBe('abcdefghijklmnopq')
    const blob = await bench.row(rowKeys.blob(digestOf('abcdefghijklmnopq')))
    expect(blob?.objects.map((object) => object.size)).toEqual([4, 4, 4, 1, 4])
    expect(blob?.objects.map(({ key }) => key.split('-')[1])).toEqual(['0', '1', '2', '3', '4'])
  })

  it('are none more than needed where the bytes end with an object', async () => {
    await using bench = await open({ objectBytes: 4 })
    const { uploads } = bench.registry
    for (const size of [undefined, 8]) {
      const { id } = await uploads.start('a')
      await uploads.append('a', id, body('abcd', 'efgh'), { size })
      expect((await bench.row(rowKeys.upload(id)))?.objects.map((object) => object.size)).toEqual([4, 4])
    }
  })

  it('keep what came in several of them when the client breaks off', async () => {
    await using bench = await open({ objectBytes: 4 })
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    const failure = new Error('gone')
    await expect(uploads.append('a', id, broken(failure, 'abcde', 'fg'))).rejects.toBe(failure)
    expect(await uploads.status('a', id)).toEqual({ id, offset: 7 })
    await uploads.finish('a', id, { digest: digestOf('abcdefgh'), body: body('h') })
    expect(await readBlob(bench.registry, 'a', digestOf('abcdefgh'))).toBe('abcdefgh')
  })

  it('all go to trash when the second of a body cannot be stored', async () => {
    await using bench = await open({ objectBytes: 4 })
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    const before = await bench.world()
    bench.faults.fail('put', /^blobs\/[^/]*\/[^/]*-1-/, new Error('disk'))
    expect(await errorOf(uploads.append('a', id, body('abcdefgh')))).toMatchObject({ code: 'INTERNAL' })
    expect(await bench.world()).toEqual(before)
  })

  it('are at most 64 however many bodies there were, and those that they replace are deleted', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    const text = Array.from({ length: 75 }, (_, n) => String.fromCharCode(48 + n)).join('')
    let most = 0
    for (const letter of text) {
      await uploads.append('a', id, body(letter))
      most = Math.max(most, (await bench.row(rowKeys.upload(id)))!.objects.length)
    }
    expect(most).toBe(64)
    await bench.settled()
    const { objects, offset, count } = (await bench.row(rowKeys.upload(id)))!
    expect(offset).toBe(75)
    expect(count).toBe(75 + 11)
    expect((await bench.blobKeys()).sort()).toEqual(objects.map(({ key }) => key).sort())
    await uploads.finish('a', id, { digest: digestOf(text) })
    expect(await readBlob(bench.registry, 'a', digestOf(text))).toBe(text)
  })

  it('are merged by the closing request as well', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    for (let n = 0; n < 64; n++) await uploads.append('a', id, body('x'))
    const digest = digestOf(`${'x'.repeat(64)}end`)
    await uploads.finish('a', id, { digest, body: body('end') })
    expect((await bench.row(rowKeys.blob(digest)))?.objects).toHaveLength(64)
    expect(await readBlob(bench.registry, 'a', digest)).toBe(`${'x'.repeat(64)}end`)
    await bench.settled()
    expect(await bench.blobKeys()).toHaveLength(64)
  })

  it('that a body brings itself are merged before the session names them', async () => {
    await using bench = await open({ objectBytes: 4 })
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    for (let n = 0; n < 63; n++) await uploads.append('a', id, body('x'))
    await uploads.append('a', id, body('abcdefghij'))
    const text = `${'x'.repeat(63)}abcdefghij`
    const { objects, count } = (await bench.row(rowKeys.upload(id)))!
    expect(new Set(objects.map(({ key }) => key.split('-')[1])).size).toBe(64)
    expect(count).toBe(66 + 2)
    await uploads.finish('a', id, { digest: digestOf(text) })
    expect(await readBlob(bench.registry, 'a', digestOf(text))).toBe(text)
  })

  it('are merged smallest neighbours first', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    for (let n = 0; n < 64; n++) await uploads.append('a', id, body(n === 40 || n === 41 ? 'x' : 'xxx'))
    await uploads.append('a', id, body('end'))
    const sizes = (await bench.row(rowKeys.upload(id)))!.objects.map(({ size }) => size)
    expect(sizes).toEqual([...Array<number>(40).fill(3), 2, ...Array<number>(23).fill(3)])
  })

  it('are refused where 64 of the largest do not hold the blob, and the session is unchanged', async () => {
    await using bench = await open({ objectBytes: 2 })
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('x'.repeat(128)))
    const before = await bench.world()
    expect(await errorOf(uploads.append('a', id, body('x')))).toMatchObject({ code: 'TOO_LARGE' })
    expect(await bench.world()).toEqual(before)
    await uploads.finish('a', id, { digest: digestOf('x'.repeat(128)) })
  })

  it('are all kept when the merge fails', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    for (let n = 0; n < 64; n++) await uploads.append('a', id, body('x'))
    const before = await bench.world()
    bench.faults.fail('put', new RegExp(`${id}-65-`), new Error('disk'))
    expect(await errorOf(uploads.append('a', id, body('y')))).toMatchObject({ code: 'INTERNAL' })
    expect(await bench.world()).toEqual(before)
    await uploads.finish('a', id, { digest: digestOf('x'.repeat(64)) })
  })

  it('that a merge replaced are not deleted while the session may still name them', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    for (let n = 0; n < 64; n++) await uploads.append('a', id, body('x'))
    bench.faults.forget()
    const commit = bench.faults.hold('commit', /^put uploads\//)
    const append = uploads.append('a', id, body('y'))
    await commit.reached
    expect(bench.faults.count('delete')).toBe(0)
    commit.release()
    await append
    await bench.settled()
    expect(bench.faults.count('delete')).toBe(1)
  })
})
