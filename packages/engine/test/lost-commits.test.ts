import { type Json, RegistryError } from '@registry/core'
import { expect, it, vi } from 'vitest'
import { blobObjectKey, recordObjectKey, type RowKey, rowKeys } from '../src/keyspace.js'
import { commitInBatches, deleteRow, putRow } from '../src/row-store.js'
import { type Bench, onEachPair } from './support/bench.js'
import type { Held } from './support/faults.js'
import { fill } from './support/fill.js'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest, readBlob, readManifest } from './support/images.js'

const day = 86_400_000
const contents = ['{}', 'layer']
const large = { annotations: { note: 'x'.repeat(500_000) } }
const orphan = blobObjectKey('0'.repeat(32), 0, 'abcdef01')
const long = `${'long'.repeat(60)}/n`

function keyOf(id: string): RowKey<Json> {
  const space = id.indexOf(' ')
  return { partition: id.slice(0, space), sort: id.slice(space + 1) }
}

/** Every process dies, and the index has the rows that it had before: as if an older copy of it were put back. */
async function setBack(bench: Bench, before: Readonly<Record<string, Json>>): Promise<void> {
  await bench.settled()
  bench.kill()
  const gone = Object.keys(await bench.rows()).filter((id) => !(id in before))
  const changes = [...gone.map((id) => deleteRow(keyOf(id))), ...Object.entries(before).map(([id, value]) => putRow(keyOf(id), value))]
  await commitInBatches(bench.index, changes)
  const { registry, faults } = await bench.start()
  bench.registry = registry
  bench.faults = faults
}

/** Storage tells real times: the clock goes to where everything that is there now is older than a day. */
function goPastToday(bench: Bench): void {
  bench.now = Date.now() + 2 * day
}

/** Sweeps a day later, which must take nothing. */
async function expectAllKept(bench: Bench): Promise<void> {
  const before = await bench.keys('blobs/')
  goPastToday(bench)
  for (let n = 0; n < 2; n++) {
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 0, expiredUploads: 0, expiredPushes: 0 })
    await bench.settled()
  }
  expect(await bench.keys('blobs/')).toEqual(before)
}

/** What the operator was told, which has to be one thing. */
function expectTold(bench: Bench, count: number, example: RegExp): void {
  expect(bench.backgroundErrors).toMatchObject([{ code: 'CORRUPT', key: expect.stringMatching(example) as string }])
  expect(String(bench.backgroundErrors[0])).toContain(`the index lacks ${count} of what storage has recorded, for example `)
  expect(String(bench.backgroundErrors[0])).toContain('`registry rebuild`')
}

onEachPair('an index that was set back', (open) => {
  const lossy = { failsInBackground: true }

  it('has nothing deleted that it lost, says so once, and is whole again after a rebuild', async () => {
    await using bench = await open(lossy)
    await pushImage(bench.registry, 'a', 'old', contents)
    await bench.settled()
    const before = await bench.rows()
    const { manifest } = await pushImage(bench.registry, 'a', 'new', ['{}', 'newer layer'], large)
    await setBack(bench, before)
    await expectAllKept(bench)
    expectTold(bench, 2, /_manifests\/sha256/)
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'new')).toBe(manifest.toString())
    expect(await readBlob(bench.registry, 'a', digestOf('newer layer'))).toBe('newer layer')
    expect(bench.backgroundErrors).toHaveLength(1)
  })

  it('keeps the bytes of a session whose end it lost', async () => {
    await using bench = await open(lossy)
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.append('a', id, body('layer'))
    await bench.settled()
    const before = await bench.rows()
    await bench.registry.uploads.finish('a', id, { digest: digestOf('layer') })
    await pushImage(bench.registry, 'a', 'tag', ['{}', 'layer'])
    await setBack(bench, before)
    await expectAllKept(bench)
    expectTold(bench, 3, /_manifests\/sha256/)
    await bench.rebuild()
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })

  it('keeps the text of a manifest whose push it takes for one that died', async () => {
    await using bench = await open(lossy)
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const manifest = imageOf(contents, large)
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = pushManifest(bench.registry, 'a', 'tag', manifest)
    await commit.reached
    const before = await bench.rows()
    commit.release()
    await push
    await setBack(bench, before)
    await expectAllKept(bench)
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
  })

  it('keeps the tag of a deleted manifest that had moved on, while the sweep after that delete is still to come', async () => {
    await using bench = await open({ ...lossy, untidy: 'the bytes of what was deleted stay until they are swept' })
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await pushImage(bench.registry, 'a', 'other', ['{}'])
    await bench.settled()
    const sweep = bench.faults.hold('scan', /^tagged\//)
    await bench.registry.manifests.delete('a', digest)
    await sweep.reached
    const before = await bench.rows()
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}'], { annotations: { moved: 'on' } })
    sweep.release()
    await setBack(bench, before)
    await bench.settled()
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
  })

  it('keeps the bytes of a blob that was healed', async () => {
    await using bench = await open(lossy)
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', contents)
    const key = rowKeys.blob(digestOf('layer'))
    await bench.put(key, { ...(await bench.row(key))!, state: 'corrupt' })
    await bench.settled()
    const before = await bench.rows()
    await pushBlob(bench.registry, 'a', 'layer')
    await setBack(bench, before)
    await expectAllKept(bench)
    expectTold(bench, 1, /!moved-/)
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })
})

const digest = digestOf(imageOf(contents))

onEachPair('a row that is behind its record', (open) => {
  it.each<[string, (spread: number) => RowKey<{ readonly version: number }>, RegExp]>([
    ['a repository', (spread) => rowKeys.repository('a', spread), /^repositories\/a\/_repository\//],
    ['a manifest', () => rowKeys.manifest('a', digest), /^repositories\/a\/_manifests\//],
    ['a tag', () => rowKeys.tag('a', 'tag'), /^repositories\/a\/_tags\/.*\/tag\//],
    ['a repository with a name too long for a key', (spread) => rowKeys.repository(long, spread), /!!.*\/_repository\//],
    ['a tag with a name too long for a key', () => rowKeys.tag(long, 'tag'), /!!.*\/_tags\//],
  ])('is found where it is that of %s, be it gone or of a lower version', async (_, keyIn, example) => {
    await using bench = await open({ failsInBackground: true, untidy: 'a row is changed by hand' })
    for (const repository of ['a', long]) await pushImage(bench.registry, repository, 'tag', contents)
    await bench.settled()
    await bench.driver.put(orphan, body('left'))
    const key = keyIn(bench.index.capabilities.limits.spread)
    const row = (await bench.row(key))!
    await bench.put(key, { ...row, version: row.version - 1 })
    await expectAllKept(bench)
    expectTold(bench, 1, example)
    bench.backgroundErrors.length = 0
    await bench.index.commit([deleteRow(key)])
    const { registry } = await bench.start()
    expect(await registry.sweep()).toMatchObject({ unnamedObjects: 0 })
    await registry.settled()
    expectTold(bench, 1, example)
  })

  it('is told in the first round, also where there is nothing to delete', async () => {
    await using bench = await open({ failsInBackground: true, untidy: 'a row is taken away by hand' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    await bench.index.commit([deleteRow(rowKeys.tag('a', 'tag'))])
    await bench.start({ policy: { roundMilliseconds: 5 } })
    await vi.waitFor(() => { expect(bench.backgroundErrors).not.toEqual([]) })
    expectTold(bench, 1, /_tags\//)
  })

  it('is no loss where another index has taken the storage over', async () => {
    await using bench = await open({ untidy: 'an object is put by hand' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const own = await bench.object('registry.json')
    await bench.driver.put(orphan, body('left'))
    await bench.driver.put(recordObjectKey({ kind: 'tag', repository: 'a', tag: 'later', version: 7 }, 7), body('{}'))
    await bench.driver.put('registry.json', body(JSON.stringify({ layout: 1, index: 'another' })))
    goPastToday(bench)
    await expect(bench.registry.sweep()).rejects.toThrow('does not belong to this index any more')
    await bench.driver.put('registry.json', body(own))
    expect(await bench.keys(orphan)).toEqual([orphan])
  })
})

onEachPair('a whole index', (open) => {
  it('is seen to be whole, with something of everything in it, before a rebuild and after it', async () => {
    await using bench = await open({ })
    await fill(bench.registry)
    const key = rowKeys.blob(digestOf('layer'))
    await bench.put(key, { ...(await bench.row(key))!, state: 'corrupt' })
    await pushBlob(bench.registry, 'a', 'layer')
    await bench.settled()
    expect(await bench.keys('blobs/')).toContainEqual(expect.stringContaining('!moved-'))
    for (let n = 0; n < 2; n++) {
      await bench.driver.put(orphan, body('left'))
      goPastToday(bench)
      await bench.registry.sweep()
      await bench.settled()
      expect(await bench.keys(orphan)).toEqual([])
      await bench.rebuild()
    }
  })

  it('is so beside files that people put among the records', async () => {
    await using bench = await open({ untidy: 'files are put by hand' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const [tag] = await bench.keys('repositories/a/_tags/')
    const misplaced = tag!.replace(/_tags\/..\//, '_tags/00/').replace(/\d{20}$/, '9'.repeat(15).padStart(20, '0'))
    for (const key of ['repositories/a/readme', 'repositories/a/_repository/notes', misplaced, orphan]) await bench.driver.put(key, body('{}'))
    goPastToday(bench)
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 1 })
  })

  it('is so beside tombstones that go meanwhile, with their records, and rows that are put again and go on', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'gone', contents)
    for (const tag of ['again', 'kept', 'deleted']) await pushManifest(bench.registry, 'a', tag, manifest)
    for (const tag of ['gone', 'again']) await bench.registry.tags.delete('a', tag)
    // A session that expires has the look come before this process removes tombstones itself.
    await bench.registry.uploads.start('a')
    const looking = await bench.start()
    await bench.settled()
    goPastToday(bench)
    const read = looking.faults.hold('get', /^tags\/a gone$/)
    const swept = looking.registry.sweep()
    await read.reached
    expect(await bench.registry.sweep()).toMatchObject({ removedTombstones: 2, expiredUploads: 1 })
    for (const tag of ['again', 'kept']) await pushManifest(bench.registry, 'a', tag, imageOf(contents, { annotations: { tag } }))
    await bench.registry.tags.delete('a', 'deleted')
    read.release()
    expect(await swept).toMatchObject({ expiredUploads: 0 })
    expect(looking.faults.count('head', /_tags\/.*\/gone\//)).toBe(1)
  })

  it('is looked at once by a process', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    goPastToday(bench)
    bench.faults.forget()
    for (let n = 0; n < 2; n++) {
      await bench.driver.put(orphan, body('left'))
      expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 1 })
      await bench.settled()
    }
    expect(bench.faults.count('get', /^tags\/a tag$/)).toBe(1)
  })

  it('is looked at again where that failed, and nothing goes before', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    await bench.driver.put(orphan, body('left'))
    goPastToday(bench)
    bench.faults.fail('get', /^tags\/a tag$/, new RegistryError('UNAVAILABLE', 'away'))
    await expect(bench.registry.sweep()).rejects.toThrow('1 pieces of background work failed: RegistryError: away')
    expect(await bench.keys(orphan)).toEqual([orphan])
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 1 })
  })

  it('is looked at no further where the registry is closed', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    let read: Held | undefined
    const closing = await bench.begin({ policy: { roundMilliseconds: 5, rebuildRows: 1 } }, (faults) => { read = faults.hold('get', /^manifests\/a /) })
    await read!.reached
    const closed = closing.registry.close()
    read!.release()
    await closed
    expect(closing.faults.count('get', /^tags\/a tag$/)).toBe(0)
  })
})
