import { expect, it } from 'vitest'
import { blobObjectKey, rowKeys } from '../src/keyspace.js'
import { type Bench, nthVersion, onEachPair, type Process } from './support/bench.js'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest, readBlob, readManifest } from './support/images.js'

const contents = ['{}', 'layer']
const manifest = imageOf(contents)

/** A process that committed a push and died before it wrote any record. */
async function diedAfterCommit(bench: Bench, tag: string, text: Uint8Array): Promise<void> {
  const dying: Process = await bench.start()
  const puts = [/_repository\//, /_manifests\//, /_tags\//].map((record) => dying.faults.hold('put', record))
  const commit = dying.faults.hold('commit', /^put (?:manifests|tags)\//)
  void pushManifest(dying.registry, 'a', tag, text)
  await commit.reached
  commit.release()
  await Promise.race(puts.map(({ reached }) => reached))
  dying.kill()
}

onEachPair('after a process died', (open) => {
  it('between commit and record, whoever relies on its rows writes the records first', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await diedAfterCommit(bench, 'tag', manifest)
    expect(await bench.keys('repositories/')).toEqual([])
    expect(Object.keys(await bench.rows('due/'))).toHaveLength(1)
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await bench.keys('repositories/')).toHaveLength(3)
    await bench.settled()
    expect(await bench.rows('due/')).toEqual({})
  })

  it.each([
    ['the manifest, when it is tagged', 'other', manifest, /_manifests\//],
    ['the repository, when something else is pushed', 'other', imageOf(['{}']), /_repository\//],
    ['the manifest, when it is pushed by digest', digestOf(manifest), manifest, /_manifests\//],
  ])('between commit and record, a push relies on %s', async (_, reference, text, record) => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await diedAfterCommit(bench, 'tag', manifest)
    const put = bench.faults.hold('put', record)
    let answered = false
    const push = pushManifest(bench.registry, 'a', reference, text).then(() => (answered = true))
    await put.reached
    for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve))
    expect(answered).toBe(false)
    put.release()
    await push
    expect(await bench.keys('repositories/')).not.toEqual([])
  })

  it('between commit and record, the next start writes the record', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await diedAfterCommit(bench, 'tag', manifest)
    const { registry } = await bench.start()
    expect(await bench.keys('repositories/')).toHaveLength(3)
    expect(await bench.rows('due/')).toEqual({})
    expect(await readManifest(registry, 'a', 'tag')).toBe(manifest.toString())
  })

  it('between record and the deletion of the older one, the next start deletes it', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const dying = await bench.start()
    const deletion = dying.faults.hold('delete', /_tags\//)
    await pushManifest(dying.registry, 'a', 'tag', manifest)
    await deletion.reached
    dying.kill()
    expect(await bench.keys('repositories/a/_tags/')).toHaveLength(2)
    await bench.start()
    const [record, ...others] = await bench.keys('repositories/a/_tags/')
    expect(others).toEqual([])
    expect(await bench.record(record!)).toMatchObject({ version: nthVersion(2), digest: digestOf(manifest) })
  })

  it('several pushes ago, the next start brings the records up to date', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    await pushManifest(bench.registry, 'a', 'tag', imageOf(['{}']))
    await diedAfterCommit(bench, 'tag', manifest)
    await pushManifest(bench.registry, 'a', 'tag', imageOf(['{}', '{}']))
    await diedAfterCommit(bench, 'tag', imageOf(['{}', 'layer', 'layer']))
    await bench.start()
    const records = await bench.keys('repositories/a/_tags/')
    expect(records.map((key) => Number(key.slice(-20)))).toEqual([nthVersion(4)])
    expect(await bench.rows('due/')).toEqual({})
  })

  it('with trash that was noted, the next start deletes it', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', 'same')
    const dying = await bench.start()
    const deletion = dying.faults.hold('delete', /^blobs\//)
    await pushBlob(dying.registry, 'b', 'same')
    await deletion.reached
    dying.kill()
    expect(await bench.blobKeys()).toHaveLength(2)
    await bench.start()
    expect(await bench.blobKeys()).toHaveLength(1)
    expect(await bench.rows('trash/')).toEqual({})
    expect(await readBlob(bench.registry, 'b', digestOf('same'))).toBe('same')
  })

  it('a note of objects that something names after all deletes none of them', async () => {
    await using bench = await open()
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents)
    const large = imageOf(contents, { annotations: { note: 'x'.repeat(500_000) } })
    await pushManifest(bench.registry, 'a', 'large', large)
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.append('a', id, body('half an upload'))
    const keys = await bench.blobKeys()
    expect(keys).toHaveLength(4)
    await bench.put(rowKeys.trash('1'.repeat(32)), { objects: keys, time: bench.now })
    await bench.put(rowKeys.trash('0'.repeat(32)), { objects: keys.filter((key) => key.includes(id)), time: bench.now })
    // A push that is under way names its text as well.
    const generation = 'f'.repeat(32)
    const announced = blobObjectKey(generation, 0, 'abcd1234')
    await bench.driver.put(announced, body('text'))
    await bench.put(rowKeys.push(generation), { repository: 'a', digest, expires: bench.now + 1, object: announced })
    await bench.put(rowKeys.trash('f'.repeat(32)), { objects: [announced], time: bench.now })
    await bench.start()
    expect((await bench.blobKeys()).sort()).toEqual([...keys, announced].sort())
    expect(await bench.rows('trash/')).toEqual({})
    await bench.index.commit([{ op: 'delete', key: rowKeys.push(generation) }])
    await bench.driver.delete([announced])
  })

  it('one note that cannot be worked off does not keep the others waiting', async () => {
    await using bench = await open({ failsInBackground: true, untidy: 'a note cannot be worked off' })
    await pushBlob(bench.registry, 'a', 'same')
    await bench.settled()
    const id = '00'.repeat(16)
    const digest = digestOf('never')
    await bench.put(rowKeys.manifest('a', digest), {
      version: 1,
      generation: 'x',
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      size: 1,
      time: 0,
      due: id,
      object: 'blobs/00/lost-0-x',
    })
    await bench.put(rowKeys.due(id), { records: [{ kind: 'manifest', repository: 'a', digest, version: 1 }], time: bench.now })
    await bench.driver.put('blobs/ff/left-0-x', body('left'))
    await bench.put(rowKeys.trash('00'.repeat(15) + 'ff'), { objects: ['blobs/ff/left-0-x'], time: bench.now })
    await bench.start()
    expect(await bench.blobKeys()).toHaveLength(1)
    expect(bench.backgroundErrors).toMatchObject([{ errors: [{ code: 'CORRUPT' }] }])
    expect(Object.keys(await bench.rows('due/'))).toHaveLength(1)
  })
})
