import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import { errorOf, onEachPair } from './support/bench.js'
import { body, digestOf, pushBlob, readBlob } from './support/images.js'

const content = 'some bytes'
const digest = digestOf(content)
const unknown = { code: 'UNAVAILABLE', outcome: 'unknown' }
const closing = /^delete uploads\//
const advancing = /^put uploads\//

// At the end of each test the bench compares rows and objects: no row names an object that was deleted, none is left over.
onEachPair('when the answer of a commit is lost', (open) => {
  it('an upload whose closing commit landed is answered as if nothing had been lost', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('some '))
    bench.faults.lose('commit', closing, 'applied')
    expect(await uploads.finish('a', id, { digest, body: body('bytes') })).toEqual({ digest, size: 10 })
    await bench.settled()
    expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
    expect(await bench.blobKeys()).toHaveLength(2)
  })

  it('an upload whose closing commit did not land is as it was, and can be closed', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('some '))
    const stored = await bench.blobKeys()
    bench.faults.lose('commit', closing, 'never')
    expect(await errorOf(uploads.finish('a', id, { digest, body: body('bytes') }))).toMatchObject(unknown)
    await bench.settled()
    expect(await bench.blobKeys()).toEqual(stored)
    expect(await uploads.status('a', id)).toEqual({ id, offset: 5 })
    await uploads.finish('a', id, { digest, body: body('bytes') })
    expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
  })

  it('an upload whose closing commit comes late does not make a blob of bytes that are trash', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('some '))
    const commit = bench.faults.delay('commit', closing)
    await errorOf(uploads.finish('a', id, { digest, body: body('bytes') }))
    await expect(commit.land()).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(bench.registry.blobs.stat('a', digest)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' })
    expect(await uploads.status('a', id)).toEqual({ id, offset: 5 })
  })

  it('no object is noted as trash before the late commit is kept from landing', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    bench.faults.forget()
    bench.faults.lose('commit', closing, 'never')
    await errorOf(bench.registry.uploads.finish('a', id, { digest, body: body(content) }))
    await bench.settled()
    const commits = bench.faults.calls.filter(({ operation }) => operation === 'commit').map(({ keys }) => keys.join(', '))
    const noted = commits.findIndex((commit) => commit.includes('put trash/'))
    expect(noted).toBeGreaterThan(0)
    expect(commits.slice(1, noted + 1).some((fence) => /^put uploads\/(?!.*put blobs\/)/.test(fence))).toBe(true)
  })

  it('and that of the fence as well, nothing is deleted', async () => {
    for (const fate of ['applied', 'never'] as const) {
      await using bench = await open({ untidy: 'objects that nothing names are found by the slow sweep' })
      const { id } = await bench.registry.uploads.start('a')
      const commit = bench.faults.delay('commit', closing)
      bench.faults.lose('commit', advancing, fate)
      expect(await errorOf(bench.registry.uploads.finish('a', id, { digest, body: body(content) }))).toMatchObject(unknown)
      await bench.settled()
      expect(bench.faults.count('delete')).toBe(0)
      const landed = await commit.land().then(() => true, () => false)
      expect(landed).toBe(fate === 'never')
      if (landed) expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
    }
  })

  it('a second copy of a blob is deleted, and the first one stays', async () => {
    for (const fate of ['applied', 'never'] as const) {
      await using bench = await open()
      await pushBlob(bench.registry, 'a', content)
      const keys = await bench.blobKeys()
      bench.faults.lose('commit', closing, fate)
      const pushed = pushBlob(bench.registry, 'b', content)
      if (fate === 'applied') await pushed
      else expect(await errorOf(pushed)).toMatchObject(unknown)
      await bench.settled()
      // Where the commit did not land the session goes on, with its bytes.
      expect(await bench.blobKeys()).toHaveLength(fate === 'applied' ? 1 : 2)
      expect(await bench.blobKeys()).toEqual(expect.arrayContaining([...keys]))
      expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
      expect(await bench.row(rowKeys.link('b', digest)) !== undefined).toBe(fate === 'applied')
    }
  })

  it('a heal that landed keeps the new bytes, and its record is written before the answer', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const before = (await bench.row(rowKeys.blob(digest)))!
    await bench.put(rowKeys.blob(digest), { ...before, state: 'corrupt' })
    bench.faults.lose('commit', closing, 'applied')
    await pushBlob(bench.registry, 'b', content)
    expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
    expect(await bench.keys(`${before.objects[0]!.key}!moved-`)).toHaveLength(1)
  })

  it('a body that was appended stays, and the session goes on behind it', async () => {
    await using bench = await open()
    const { uploads } = bench.registry
    const { id } = await uploads.start('a')
    await uploads.append('a', id, body('some '))
    bench.faults.lose('commit', advancing, 'applied')
    expect(await errorOf(uploads.append('a', id, body('by')))).toMatchObject(unknown)
    await bench.settled()
    expect(bench.faults.count('delete')).toBe(0)
    expect(await uploads.status('a', id)).toEqual({ id, offset: 7 })
    await uploads.append('a', id, body('tes'), { start: 7 })
    await uploads.finish('a', id, { digest })
    expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
  })

  it('a body that was not appended is trash, and its session is as it was', async () => {
    for (const late of [false, true]) {
      await using bench = await open()
      const { uploads } = bench.registry
      const { id } = await uploads.start('a')
      await uploads.append('a', id, body('some '))
      const stored = await bench.blobKeys()
      const commit = bench.faults.delay('commit', advancing)
      expect(await errorOf(uploads.append('a', id, body('bytes')))).toMatchObject(unknown)
      if (late) await expect(commit.land()).rejects.toMatchObject({ code: 'CONFLICT' })
      await bench.settled()
      expect(await bench.blobKeys()).toEqual(stored)
      expect(await uploads.status('a', id)).toEqual({ id, offset: 5 })
      await uploads.finish('a', id, { digest, body: body('bytes') })
      expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
    }
  })

  it('objects that a merge replaced stay as long as the session may name them', async () => {
    for (const fate of ['applied', 'never'] as const) {
      await using bench = await open()
      const { uploads } = bench.registry
      const { id } = await uploads.start('a')
      for (let n = 0; n < 64; n++) await uploads.append('a', id, body('x'))
      bench.faults.lose('commit', advancing, fate)
      expect(await errorOf(uploads.append('a', id, body('y')))).toMatchObject(unknown)
      await bench.start()
      await bench.settled()
      expect(await bench.blobKeys()).toHaveLength(64)
    }
  })

  it('the note of an object is not worked off by a read that misses it on its way from the session to the blob', async () => {
    await using bench = await open()
    const other = await bench.start()
    const { id } = await bench.registry.uploads.start('a')
    const worker = bench.faults.hold('get', /^trash\//)
    bench.faults.lose('commit', advancing, 'applied')
    await errorOf(bench.registry.uploads.append('a', id, body(content)))
    await worker.reached
    bench.faults.tear(/^uploads\//, async () => {
      await other.registry.uploads.finish('a', id, { digest })
    })
    worker.release()
    await bench.settled()
    expect(await readBlob(bench.registry, 'a', digest)).toBe(content)
  })

  it('a session that was started twice so is one that nobody knows, until it expires', async () => {
    await using bench = await open()
    bench.faults.lose('commit', advancing, 'applied')
    expect(await errorOf(bench.registry.uploads.start('a'))).toMatchObject(unknown)
    expect(Object.keys(await bench.rows('uploads/'))).toHaveLength(1)
  })
})
