import { expect, it } from 'vitest'
import { errorOf, onEachPair } from './support/bench.js'
import { body, broken, digestOf, readBlob } from './support/images.js'

onEachPair('an upload session', (open) => {
  it('refuses a body that begins elsewhere than at its offset, tells the offset, and is unchanged', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('abc'))
    const before = await bench.world()
    for (const start of [0, 2, 4]) {
      const refused = { code: 'RANGE_INVALID', detail: { offset: 3 } }
      expect(await errorOf(uploads.append('a', id, body('d'), { start }))).toMatchObject(refused)
      expect(await errorOf(uploads.finish('a', id, { digest: digestOf('abcd'), body: body('d'), start }))).toMatchObject(refused)
    }
    expect(await bench.world()).toEqual(before)
    expect(await uploads.append('a', id, body('d'), { start: 3 })).toEqual({ id, offset: 4 })
  })

  it.each([
    ['fewer', 'ab', 3],
    ['more', 'abcd', 3],
    ['none', '', 3],
    ['some where none', 'a', 0],
  ])('refuses a body of %s bytes than declared, and is unchanged', async (_, content, size) => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('begin'))
    const before = await bench.world()
    expect(await errorOf(uploads.append('a', id, body(content), { size }))).toMatchObject({ code: 'SIZE_MISMATCH' })
    const closing = uploads.finish('a', id, { digest: digestOf(`begin${content}`), body: body(content), size })
    expect(await errorOf(closing)).toMatchObject({ code: 'SIZE_MISMATCH' })
    expect(await bench.world()).toEqual(before)
    expect(await uploads.append('a', id, body('abc'), { size: 3 })).toEqual({ id, offset: 8 })
  })

  it('does not read a body further than to the first byte too many', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    let given = 0
    let ended = false
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      try {
        for (;;) {
          given++
          yield Buffer.from('x')
        }
      } finally {
        ended = true
      }
    }
    expect(await errorOf(uploads.append('a', id, endless(), { size: 3 }))).toMatchObject({ code: 'SIZE_MISMATCH' })
    expect(given).toBeLessThanOrEqual(5)
    expect(ended).toBe(true)
  })

  it('keeps what came of a body that breaks off, throws its error on, and can be finished', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    const failure = new Error('the client is gone')
    await expect(uploads.append('a', id, broken(failure, 'ab', 'c'), { size: 10 })).rejects.toBe(failure)
    expect(await uploads.status('a', id)).toEqual({ id, offset: 3 })
    await expect(uploads.append('a', id, broken(failure), { start: 3 })).rejects.toBe(failure)
    expect(await uploads.status('a', id)).toEqual({ id, offset: 3 })
    await uploads.append('a', id, body('def'), { start: 3 })
    bench.faults.forget()
    await uploads.finish('a', id, { digest: digestOf('abcdef') })
    expect(bench.faults.count('open')).toBe(0)
    expect(await readBlob(bench.registry, 'a', digestOf('abcdef'))).toBe('abcdef')
  })

  it('keeps what came of a closing body that breaks off', async () => {
    await using bench = await open()
    const { uploads, blobs } = bench.registry
    for (const algorithm of ['sha256', 'sha512'] as const) {
      const { id } = await uploads.start('a')
      const failure = new Error('the client is gone')
      const digest = digestOf('abc', algorithm)
      await expect(uploads.finish('a', id, { digest, body: broken(failure, 'ab', 'c') })).rejects.toBe(failure)
      expect(await uploads.status('a', id)).toEqual({ id, offset: 3 })
      await expect(blobs.stat('a', digest)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' })
      await uploads.finish('a', id, { digest })
      expect(await readBlob(bench.registry, 'a', digest)).toBe('abc')
    }
  })

  it('keeps nothing of a broken body that had more bytes than declared', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    const before = await bench.world()
    await errorOf(uploads.append('a', id, broken(new Error('gone'), 'abcd'), { size: 3 }))
    expect(await bench.world()).toEqual(before)
  })

  it('stays as it was when the digest is wrong, and can be closed with the right one', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('abc'))
    const before = await bench.world()
    const wrong = { code: 'DIGEST_INVALID' }
    expect(await errorOf(uploads.finish('a', id, { digest: digestOf('other') }))).toMatchObject(wrong)
    expect(await errorOf(uploads.finish('a', id, { digest: digestOf('other', 'sha512') }))).toMatchObject(wrong)
    expect(await errorOf(uploads.finish('a', id, { digest: digestOf('abc'), body: body('d') }))).toMatchObject(wrong)
    expect(await bench.world()).toEqual(before)
    await uploads.append('a', id, body('def'))
    await uploads.finish('a', id, { digest: digestOf('abcdef') })
    expect(await readBlob(bench.registry, 'a', digestOf('abcdef'))).toBe('abcdef')
  })

  it('notes the body of a closing request with a wrong digest as trash before it is deleted', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    bench.faults.forget()
    await errorOf(uploads.finish('a', id, { digest: digestOf('other'), body: body('abc') }))
    await bench.settled()
    const calls = bench.faults.calls.flatMap(({ operation, keys }) => keys.map((key) => `${operation} ${key}`))
    const noted = calls.findIndex((call) => call.startsWith('commit put trash/'))
    const deleted = calls.findIndex((call) => call.startsWith('delete blobs/'))
    expect(noted).toBeGreaterThan(-1)
    expect(deleted).toBeGreaterThan(noted)
    expect(await bench.blobKeys()).toEqual([])
  })

  it('belongs to its repository alone', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    const before = await bench.world()
    const requests = [uploads.status('b', id), uploads.append('b', id, body('x')), uploads.finish('b', id, { digest: digestOf('x'), body: body('x') })]
    for (const error of await Promise.all(requests.map(errorOf))) expect(error).toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
    expect(await bench.world()).toEqual(before)
  })

  it.each(['', 'x', '..', '0'.repeat(31), '0'.repeat(33), 'G'.repeat(32), `${'0'.repeat(31)}\0`, '0'.repeat(32), '\ud800'.repeat(32)])(
    'is unknown by the id %j that was never given out',
    async (id) => {
      await using bench = await open()
      const { uploads } = bench.registry
      expect(await errorOf(uploads.status('a', id))).toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
      expect(await errorOf(uploads.append('a', id, body('x')))).toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
      expect(await errorOf(uploads.finish('a', id, { digest: digestOf('') }))).toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
    },
  )

  it('stays as it was when storage fails', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('abc'))
    const before = await bench.world()
    const failure = Object.assign(new Error('disk'), { code: 'EIO' })
    bench.faults.fail('put', /^blobs\//, failure)
    expect(await errorOf(uploads.append('a', id, body('def')))).toMatchObject({ code: 'INTERNAL', cause: failure })
    expect(await bench.world()).toEqual(before)
  })

  it('lets one of two win who append at once, and leaves nothing of the other', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    const slow = bench.faults.hold('put', /^blobs\//)
    const loser = errorOf(uploads.append('a', id, body('slow'), { start: 0 }))
    await slow.reached
    expect(await uploads.append('a', id, body('fast!'), { start: 0 })).toEqual({ id, offset: 5 })
    slow.release()
    expect(await loser).toMatchObject({ code: 'RANGE_INVALID', detail: { offset: 5 } })
    await bench.settled()
    expect(await bench.blobKeys()).toHaveLength(1)
    await uploads.finish('a', id, { digest: digestOf('fast!') })
    expect(await readBlob(bench.registry, 'a', digestOf('fast!'))).toBe('fast!')
  })

  it('refuses the slower of two who close it, or tells that it went on', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const first = await uploads.start('a')
    const slow = bench.faults.hold('put', /^blobs\//)
    const loser = errorOf(uploads.finish('a', first.id, { digest: digestOf('x'), body: body('x') }))
    await slow.reached
    await uploads.finish('a', first.id, { digest: digestOf('y'), body: body('y') })
    slow.release()
    expect(await loser).toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })

    const second = await uploads.start('a')
    const slower = bench.faults.hold('put', /^blobs\//)
    const overtaken = errorOf(uploads.finish('a', second.id, { digest: digestOf('x'), body: body('x') }))
    await slower.reached
    await uploads.append('a', second.id, body('abc'))
    slower.release()
    expect(await overtaken).toMatchObject({ code: 'RANGE_INVALID', detail: { offset: 3 } })
    await bench.settled()
    expect(await bench.blobKeys()).toHaveLength(2)
  })
})
