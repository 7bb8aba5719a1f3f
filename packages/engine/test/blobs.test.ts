import type { ByteRange, Digest } from '@registry/core'
import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import { type Bench, errorOf, onEachPair, type OpenBench } from './support/bench.js'
import { body, collect, digestOf, pushBlob, readBlob } from './support/images.js'

const content = 'abcdefghijklm'
const digest = digestOf(content)

/** A blob of objects of 4, 4, 2 and 3 bytes. */
async function withBlob(open: OpenBench, untidy?: string): Promise<Bench> {
  const bench = await open({ objectBytes: 4, ...(untidy !== undefined && { untidy }) })
  const { id } = await bench.registry.uploads.start('a')
  await bench.registry.uploads.append('a', id, body('abcdefghij'))
  await bench.registry.uploads.finish('a', id, { digest, body: body('klm') })
  return bench
}

async function readRange(bench: Bench, range: ByteRange): Promise<string> {
  const blob = await bench.registry.blobs.open('a', digest, { range })
  try {
    return `${blob.range.start}-${blob.range.end}/${blob.info.size} ${(await collect(blob.body)).toString()}`
  } finally {
    await blob[Symbol.asyncDispose]()
  }
}

onEachPair('a blob', (open) => {
  it('is told with its size, and read whole over all its objects', async () => {
    await using bench = await withBlob(open)
    expect(await bench.registry.blobs.stat('a', digest)).toEqual({ digest, size: 13 })
    expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
    const blob = await bench.registry.blobs.open('a', digest)
    expect(blob.info).toEqual({ digest, size: 13 })
    expect(blob.range).toEqual({ start: 0, end: 13 })
    await blob[Symbol.asyncDispose]()
  })

  it('is located by the key of its object, where that is one', async () => {
    await using bench = await withBlob(open)
    expect(await bench.registry.blobs.locate('a', digest)).toEqual({ digest, size: 13, key: undefined })
    await pushBlob(bench.registry, 'a', 'one')
    await pushBlob(bench.registry, 'a', '')
    const { key, ...one } = await bench.registry.blobs.locate('a', digestOf('one'))
    expect(one).toEqual({ digest: digestOf('one'), size: 3 })
    expect(await bench.object(key!)).toBe('one')
    expect(await bench.registry.blobs.locate('a', digestOf(''))).toEqual({ digest: digestOf(''), size: 0, key: undefined })
    for (const [repository, unknown] of [['b', digestOf('one')], ['a', digestOf('none')]] as const) {
      expect(await errorOf(bench.registry.blobs.locate(repository, unknown))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    }
  })

  it('is read in every range as its bytes are', async () => {
    await using bench = await withBlob(open)
    for (let start = 0; start < 13; start++) {
      for (let end = start + 1; end <= 13; end++) {
        expect(await readRange(bench, { start, end })).toBe(`${start}-${end}/13 ${content.slice(start, end)}`)
      }
    }
  })

  it('is read to its end where a range has none or goes further', async () => {
    await using bench = await withBlob(open)
    expect(await readRange(bench, { start: 9 })).toBe('9-13/13 jklm')
    expect(await readRange(bench, { start: 12, end: 1000 })).toBe('12-13/13 m')
    expect(await readRange(bench, { start: 0, end: Number.MAX_SAFE_INTEGER })).toBe(`0-13/13 ${content}`)
  })

  it('opens only the objects that a range touches', async () => {
    await using bench = await withBlob(open)
    for (const [range, objects] of [[{ start: 4, end: 8 }, 1], [{ start: 3, end: 5 }, 2], [{ start: 10 }, 1], [{ start: 9 }, 2]] as const) {
      bench.faults.forget()
      await readRange(bench, range)
      expect(bench.faults.count('open')).toBe(objects)
    }
  })

  it.each([{ start: 13 }, { start: 14 }, { start: 5, end: 5 }, { start: 5, end: 4 }])('is not read in the range %j', async (range) => {
    await using bench = await withBlob(open)
    bench.faults.forget()
    expect(await errorOf(bench.registry.blobs.open('a', digest, { range }))).toMatchObject({ code: 'RANGE_INVALID' })
    expect(bench.faults.count('open')).toBe(0)
  })

  it('of zero bytes has no range', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '')
    expect(await errorOf(bench.registry.blobs.open('a', digestOf(''), { range: { start: 0 } }))).toMatchObject({ code: 'RANGE_INVALID' })
    const blob = await bench.registry.blobs.open('a', digestOf(''))
    expect(blob.range).toEqual({ start: 0, end: 0 })
    expect(await collect(blob.body)).toHaveLength(0)
    await blob[Symbol.asyncDispose]()
  })

  it('is unknown where it was never pushed, and where the repository has no link to it', async () => {
    await using bench = await withBlob(open)
    const requests = (repository: string, wanted: Digest): readonly Promise<unknown>[] => [
      bench.registry.blobs.stat(repository, wanted),
      bench.registry.blobs.open(repository, wanted),
      bench.registry.blobs.mount('c', wanted, { from: repository }),
    ]
    const all = [bench.registry.blobs.mount('c', digestOf('never')), ...requests('a', digestOf('never')), ...requests('b', digest)]
    for (const error of await Promise.all(all.map(errorOf))) expect(error).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(Object.keys(await bench.rows('links/'))).toHaveLength(1)
  })

  it('is unknown through a link of an earlier incarnation', async () => {
    await using bench = await withBlob(open)
    await bench.put(rowKeys.link('b', digest), { incarnation: 'earlier' })
    expect(await errorOf(bench.registry.blobs.stat('b', digest))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await errorOf(bench.registry.blobs.open('b', digest))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await errorOf(bench.registry.blobs.mount('c', digest, { from: 'b' }))).toMatchObject({ code: 'BLOB_UNKNOWN' })
  })

  it('is mounted from wherever it is where no source is named', async () => {
    await using bench = await withBlob(open)
    expect(await bench.registry.blobs.mount('b', digest)).toEqual({ digest, size: content.length })
    expect(await readBlob(bench.registry, 'b', digest)).toBe(content)
    await bench.put(rowKeys.link('a', digest), { incarnation: 'earlier' })
    expect(await errorOf(bench.registry.blobs.mount('c', digest, { from: 'a' }))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    await bench.registry.blobs.mount('c', digest)
    expect(await readBlob(bench.registry, 'c', digest)).toBe(content)
  })

  it('is unknown while it is corrupt, and its lease is not renewed', async () => {
    await using bench = await withBlob(open)
    const row = { ...(await bench.row(rowKeys.blob(digest)))!, state: 'corrupt', lease: 0 } as const
    await bench.put(rowKeys.blob(digest), row)
    expect(await errorOf(bench.registry.blobs.stat('a', digest))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await errorOf(bench.registry.blobs.open('a', digest))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    for (const from of ['a', undefined]) expect(await errorOf(bench.registry.blobs.mount('b', digest, { from }))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await bench.row(rowKeys.blob(digest))).toEqual(row)
  })

  it('is still read through a link that a delete has marked', async () => {
    await using bench = await withBlob(open)
    const { incarnation } = (await bench.row(rowKeys.blob(digest)))!
    await bench.put(rowKeys.link('a', digest), { incarnation, marked: true })
    expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
  })

  it('whose first object was lost is corrupt before any byte is given', async () => {
    await using bench = await withBlob(open, 'an object is taken away')
    const { objects } = (await bench.row(rowKeys.blob(digest)))!
    await bench.driver.delete([objects[0]!.key])
    expect(await errorOf(bench.registry.blobs.open('a', digest))).toMatchObject({ code: 'CORRUPT', key: objects[0]!.key })
  })

  it.each([
    ['shorter', 'a'],
    ['longer', 'abcdefgh'],
  ])('with a %s object than the index says is corrupt, never a body of another size', async (_, text) => {
    await using bench = await withBlob(open, 'an object is replaced')
    const { objects } = (await bench.row(rowKeys.blob(digest)))!
    await bench.driver.put(objects[0]!.key, body(text))
    expect(await errorOf(bench.registry.blobs.open('a', digest))).toMatchObject({ code: 'CORRUPT', key: objects[0]!.key })
  })

  it('with a later object that is shorter breaks off with an error', async () => {
    await using bench = await withBlob(open, 'an object is replaced')
    const { objects } = (await bench.row(rowKeys.blob(digest)))!
    await bench.driver.put(objects[1]!.key, body('e'))
    expect(await errorOf(readBlob(bench.registry, 'a', digest))).toMatchObject({ code: 'CORRUPT', key: objects[1]!.key })
  })

  it('is released without having been read', async () => {
    await using bench = await withBlob(open)
    const blob = await bench.registry.blobs.open('a', digest)
    await blob[Symbol.asyncDispose]()
    await blob[Symbol.asyncDispose]()
  })
})
