import { expect, it } from 'vitest'
import { errorOf, onEachPair } from './support/bench.js'
import { body, bytes, digestOf, readBlob } from './support/images.js'

onEachPair('upload sessions', (open) => {
  it('take a body in several requests, and make one blob of it', async () => {
    await using bench = await open()
    const { uploads, blobs } = bench.registry
    const digest = digestOf('one two three')
    const { id, offset } = await uploads.start('a/b')
    expect(offset).toBe(0)
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(await uploads.append('a/b', id, body('one ', 'two'))).toEqual({ id, offset: 7 })
    expect(await uploads.status('a/b', id)).toEqual({ id, offset: 7 })
    expect(await uploads.append('a/b', id, body(' three'), { start: 7, size: 6 })).toEqual({ id, offset: 13 })
    expect(await uploads.finish('a/b', id, { digest })).toEqual({ digest, size: 13 })
    expect(await blobs.stat('a/b', digest)).toEqual({ digest, size: 13 })
    expect(await readBlob(bench.registry, 'a/b', digest)).toBe('one two three')
  })

  it('take their last bytes with the request that closes them', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('begin '))
    const digest = digestOf('begin end')
    expect(await uploads.finish('a', id, { digest, body: body('end'), start: 6, size: 3 })).toEqual({ digest, size: 9 })
    expect(await readBlob(bench.registry, 'a', digest)).toBe('begin end')
  })

  it('take the whole body with the request that closes them, in one object', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.finish('a', id, { digest: digestOf('whole'), body: body('wh', 'ole') })
    expect(await readBlob(bench.registry, 'a', digestOf('whole'))).toBe('whole')
    const keys = await bench.blobKeys()
    expect(keys).toHaveLength(1)
    expect(keys[0]).toMatch(new RegExp(`^blobs/${id.slice(0, 2)}/${id}-0-[0-9a-f]{8}$`))
  })

  it('end with the request that closes them', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    const digest = digestOf('x')
    await uploads.finish('a', id, { digest, body: body('x') })
    const requests = [uploads.status('a', id), uploads.append('a', id, body('y')), uploads.finish('a', id, { digest })]
    for (const error of await Promise.all(requests.map(errorOf))) expect(error).toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
    expect(await bench.rows('uploads/')).toEqual({})
  })

  it('make a blob of zero bytes that stores nothing', async () => {
    await using bench = await open()
    const { uploads, blobs } = bench.registry
    const digest = digestOf('')
    const { id } = await uploads.start('a')
    expect(await uploads.finish('a', id, { digest })).toEqual({ digest, size: 0 })
    expect(await blobs.stat('a', digest)).toEqual({ digest, size: 0 })
    expect(await readBlob(bench.registry, 'a', digest)).toBe('')
    expect(await bench.blobKeys()).toEqual([])
    expect(Object.values(await bench.rows('blobs/'))).toMatchObject([{ size: 0, objects: [] }])
    expect(await bench.rows('objects/')).toEqual({})
  })

  it('make the blob of zero bytes again in another repository', async () => {
    await using bench = await open()
    const { uploads, blobs } = bench.registry
    const digest = digestOf('')
    for (const repository of ['a', 'b']) {
      const { id } = await uploads.start(repository)
      await uploads.finish(repository, id, { digest, body: body('', ''), size: 0 })
      expect(await blobs.stat(repository, digest)).toEqual({ digest, size: 0 })
    }
  })

  it('make a blob of the two bytes that helm and oras push as a config', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('{}'))
    await uploads.finish('a', id, { digest: digestOf('{}') })
    expect(await readBlob(bench.registry, 'a', digestOf('{}'))).toBe('{}')
  })

  it('store nothing for a body without bytes, and stay as they are', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('x'))
    const before = await bench.world()
    bench.faults.forget()
    for (const empty of [body(), body('', '')]) {
      expect(await uploads.append('a', id, empty, { start: 1, size: 0 })).toEqual({ id, offset: 1 })
    }
    expect(bench.faults.count('put')).toBe(0)
    expect(bench.faults.count('commit')).toBe(0)
    expect(await bench.world()).toEqual(before)
  })

  it('live on with each body', async () => {
    await using bench = await open({ policy: { uploadMilliseconds: 1000 } })
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    for (let n = 0; n < 3; n++) {
      bench.now += 900
      await uploads.append('a', id, body('x'))
    }
    bench.now += 999
    expect(await uploads.status('a', id)).toEqual({ id, offset: 3 })
    bench.now += 1
    await expect(uploads.status('a', id)).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
    await expect(uploads.append('a', id, body('y'))).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
    await expect(uploads.finish('a', id, { digest: digestOf('xxx') })).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
  })

  it('are closed with sha512 as well, whatever was announced', async () => {
    await using bench = await open()
    const { uploads, blobs } = bench.registry
    const digest = digestOf('some bytes', 'sha512')
    for (const [algorithm, cut] of [['sha512', 4], ['sha256', 4], [undefined, 10], ['sha512', 0]] as const) {
      const { id } = await uploads.start('a', { algorithm })
      if (cut > 0) await uploads.append('a', id, body(bytes('some bytes').subarray(0, cut)))
      expect(await uploads.finish('a', id, { digest, body: body(bytes('some bytes').subarray(cut)) })).toEqual({ digest, size: 10 })
      expect(await blobs.stat('a', digest)).toEqual({ digest, size: 10 })
    }
    expect(await readBlob(bench.registry, 'a', digest)).toBe('some bytes')
  })

  it('need not be read again where the algorithm was announced', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    for (const [algorithm, reads] of [['sha512', 0], ['sha256', 1]] as const) {
      const { id } = await uploads.start('a', { algorithm })
      await uploads.append('a', id, body('some bytes'))
      bench.faults.forget()
      await uploads.finish('a', id, { digest: digestOf('some bytes', 'sha512') })
      expect(bench.faults.count('open')).toBe(reads)
    }
  })

  it('keep the same bytes apart by the algorithm of their digest', async () => {
    await using bench = await open()
    const { uploads, blobs } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.finish('a', id, { digest: digestOf('x'), body: body('x') })
    await expect(blobs.stat('a', digestOf('x', 'sha512'))).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' })
  })
})
