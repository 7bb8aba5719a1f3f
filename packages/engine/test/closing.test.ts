import { expect, it } from 'vitest'
import { recordObjectKey, rowKeys } from '../src/keyspace.js'
import type { Blob } from '../src/rows.js'
import { type Bench, onEachPair } from './support/bench.js'
import { body, digestOf, pushBlob, pushImage, readBlob } from './support/images.js'

const content = 'the same bytes'
const digest = digestOf(content)
const hour = 3_600_000

async function setState(bench: Bench, state: Blob['state']): Promise<Blob> {
  const row = (await bench.row(rowKeys.blob(digest)))!
  await bench.put(rowKeys.blob(digest), { ...row, state })
  return row
}

onEachPair('closing an upload of a blob that is there already', (open) => {
  it('keeps the bytes that were there and deletes its own', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    await bench.settled()
    const keys = await bench.blobKeys()
    const before = (await bench.row(rowKeys.blob(digest)))!
    bench.now += hour
    await pushBlob(bench.registry, 'b', content)
    await bench.settled()
    expect(await bench.blobKeys()).toEqual(keys)
    const { lease, ...rest } = (await bench.row(rowKeys.blob(digest)))!
    expect(rest).toEqual({ ...before, lease: undefined })
    expect(lease).toBe(before.lease + hour)
    for (const repository of ['a', 'b']) expect(await readBlob(bench.registry, repository, digest)).toBe(content)
    expect(Object.keys(await bench.rows('objects/'))).toHaveLength(1)
  })

  it('deletes its own bytes after the commit, by a note that is in it', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const { id } = await bench.registry.uploads.start('b')
    await bench.registry.uploads.append('b', id, body(content))
    bench.faults.forget()
    const commit = bench.faults.hold('commit', /^delete uploads\//)
    const closing = bench.registry.uploads.finish('b', id, { digest })
    await commit.reached
    expect(bench.faults.calls.at(-1)?.keys.some((key) => key.startsWith('put trash/'))).toBe(true)
    expect(bench.faults.count('delete')).toBe(0)
    commit.release()
    await closing
    await bench.settled()
    expect(bench.faults.count('delete', new RegExp(id))).toBe(1)
  })

  it('deletes its own bytes at the next start when the process ends before', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    await bench.settled()
    const keys = await bench.blobKeys()
    const { id } = await bench.registry.uploads.start('b')
    await bench.registry.uploads.append('b', id, body(content))
    const deletion = bench.faults.hold('delete', /^blobs\//)
    await bench.registry.uploads.finish('b', id, { digest })
    await deletion.reached
    bench.kill()
    expect(await bench.blobKeys()).toHaveLength(2)
    await bench.start()
    expect(await bench.blobKeys()).toEqual(keys)
  })

  it('revives a condemned blob with a fresh lease', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const before = await setState(bench, 'condemned')
    bench.now += hour
    await pushBlob(bench.registry, 'b', content)
    expect(await bench.row(rowKeys.blob(digest))).toEqual({ ...before, lease: before.lease + hour, state: 'live' })
    expect(await readBlob(bench.registry, 'b', digest)).toBe(content)
  })

  it('heals a corrupt blob for every repository: its own bytes in place of the old ones', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const before = await setState(bench, 'corrupt')
    await expect(bench.registry.blobs.stat('a', digest)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' })
    bench.now += hour
    const { id } = await bench.registry.uploads.start('b')
    await bench.registry.uploads.finish('b', id, { digest, body: body(content) })
    const after = (await bench.row(rowKeys.blob(digest)))!
    const from = before.objects[0]!.key
    expect(after).toMatchObject({ incarnation: before.incarnation, state: 'live', verified: bench.now, moved: [{ from, version: 1 }] })
    expect(after.objects[0]?.key).toContain(id)
    for (const repository of ['a', 'b']) expect(await readBlob(bench.registry, repository, digest)).toBe(content)
    await bench.settled()
    expect(await bench.blobKeys()).toEqual(after.objects.map(({ key }) => key))
    expect(await bench.rows('objects/')).toEqual({ [`objects/${id.slice(0, 2)} ${id}`]: { digest } })
    const moved = recordObjectKey({ kind: 'moved', digest, from, version: 1 }, 1)
    expect(moved).toBe(`${from}!moved-00000000000000000001`)
    expect(await bench.record(moved)).toEqual({ version: 1, digest, size: content.length, objects: after.objects })
  })

  it('answers a heal only when the record is stored that leads to the new bytes, and deletes the old ones after it', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    await setState(bench, 'corrupt')
    await bench.settled()
    bench.faults.forget()
    const record = bench.faults.hold('put', /!moved-/)
    let answered = false
    const healing = pushBlob(bench.registry, 'b', content).then(() => (answered = true))
    await record.reached
    await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    expect(bench.faults.count('delete')).toBe(0)
    record.release()
    await healing
    await bench.settled()
    expect(bench.faults.count('delete')).toBe(1)
  })

  it('leads from the first bytes of a blob to its last ones, when a heal that died was followed by another', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', [content])
    expect(manifest.toString()).toContain(digest)
    const first = await setState(bench, 'corrupt')
    const dying = await bench.start()
    const record = dying.faults.hold('put', /!moved-/)
    void pushBlob(dying.registry, 'b', content)
    await record.reached
    dying.kill()
    const second = await setState(bench, 'corrupt')
    await pushBlob(bench.registry, 'c', content)
    await bench.start()
    const { objects, moved } = (await bench.row(rowKeys.blob(digest)))!
    expect(moved).toEqual([first, second].map((row, n) => ({ from: row.objects[0]!.key, version: n + 1 })))
    // The manifest's record names the first bytes, so a rebuild begins there.
    const follow = async (from: string): Promise<unknown> => {
      const [key] = await bench.keys(`${from}!moved-`)
      if (key === undefined) return from
      return follow(((await bench.record(key)) as Blob).objects[0]!.key)
    }
    expect(second.objects).not.toEqual(first.objects)
    expect(await follow(first.objects[0]!.key)).toBe(objects[0]!.key)
    expect(await follow(second.objects[0]!.key)).toBe(objects[0]!.key)
  })

  it('lets two who bring the same bytes at once both succeed, with one copy kept', async () => {
    await using bench = await open()
    const slow = bench.faults.hold('commit', /^put blobs\//)
    const first = pushBlob(bench.registry, 'a', content)
    await slow.reached
    const other = await bench.start()
    await pushBlob(other.registry, 'b', content)
    const kept = await bench.row(rowKeys.blob(digest))
    slow.release()
    expect(await first).toBe(digest)
    await bench.settled()
    expect(await bench.row(rowKeys.blob(digest))).toEqual(kept)
    expect(await bench.blobKeys()).toEqual(kept?.objects.map(({ key }) => key))
    for (const repository of ['a', 'b']) expect(await readBlob(bench.registry, repository, digest)).toBe(content)
  })

  it('lets two who heal the same blob at once both succeed, with one copy kept', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    await setState(bench, 'corrupt')
    const other = await bench.start()
    const slow = bench.faults.hold('commit', /^put blobs\//)
    const first = pushBlob(bench.registry, 'b', content)
    await slow.reached
    await pushBlob(other.registry, 'c', content)
    const healed = await bench.row(rowKeys.blob(digest))
    slow.release()
    await first
    expect(await bench.row(rowKeys.blob(digest))).toEqual(healed)
    expect(healed?.moved).toHaveLength(1)
    for (const repository of ['a', 'b', 'c']) expect(await readBlob(bench.registry, repository, digest)).toBe(content)
  })

  it('makes the blob of its own bytes when the other ones are collected meanwhile', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const { objects, incarnation } = await setState(bench, 'condemned')
    const commit = bench.faults.hold('commit', /^put blobs\//)
    const closing = pushBlob(bench.registry, 'b', content)
    await commit.reached
    const owner = rowKeys.objectOwner(objects[0]!.key.split('/')[2]!.split('-')[0]!)
    await bench.index.commit([rowKeys.blob(digest), owner].map((key) => ({ op: 'delete', key })))
    await bench.driver.delete(objects.map(({ key }) => key))
    commit.release()
    await closing
    expect((await bench.row(rowKeys.blob(digest)))?.incarnation).not.toBe(incarnation)
    expect(await readBlob(bench.registry, 'b', digest)).toBe(content)
    await expect(bench.registry.blobs.stat('a', digest)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' })
  })

  it('takes back the mark of a link that is about to be deleted, and renews one of an earlier incarnation', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const { incarnation } = (await bench.row(rowKeys.blob(digest)))!
    for (const link of [{ incarnation, marked: true } as const, { incarnation: 'earlier' }]) {
      await bench.put(rowKeys.link('a', digest), link)
      await pushBlob(bench.registry, 'a', content)
      expect(await bench.row(rowKeys.link('a', digest))).toEqual({ incarnation })
    }
  })

  it('is void where the link changed meanwhile, and looks again', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', content)
    const { incarnation } = (await bench.row(rowKeys.blob(digest)))!
    const commit = bench.faults.hold('commit', /^delete uploads\//)
    const closing = pushBlob(bench.registry, 'a', content)
    await commit.reached
    await bench.put(rowKeys.link('a', digest), { incarnation, marked: true })
    bench.faults.forget()
    commit.release()
    await closing
    expect(bench.faults.count('commit', /^delete uploads\//)).toBe(1)
    expect(await bench.row(rowKeys.link('a', digest))).toEqual({ incarnation })
  })
})
