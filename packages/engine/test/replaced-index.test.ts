import { parseReference } from '@registry/core'
import { expect, it } from 'vitest'
import type { Registry } from '../src/index.js'
import { blobObjectKey, rowKeys } from '../src/keyspace.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { body, digestOf, indexOf, pushBlob, pushImage, readManifest } from './support/images.js'
import { findingsOf } from './support/verify.js'

const contents = ['{}', 'layer']
const absent = digestOf('nobody pushed this')

/** As where tables are found by their names: somebody deletes them, and a new index begins under the same names. */
async function replaceIndex(bench: Bench): Promise<void> {
  for (const name of Object.keys(await bench.rows())) {
    const [partition, ...sort] = name.split(' ') as [string, ...string[]]
    await bench.index.commit([{ op: 'delete', key: { partition, sort: sort.join(' ') } }])
  }
  await bench.put(rowKeys.owner(), { id: 'another' })
}

const takenOver = { code: 'UNAVAILABLE', retryable: false, detail: { reason: 'TAKEN_OVER' } }

const asked: Readonly<Record<string, (registry: Registry) => Promise<unknown>>> = {
  'the manifest of a tag': ({ manifests }) => manifests.get('a', { kind: 'tag', tag: 'tag' }),
  'a manifest': ({ manifests }) => manifests.stat('a', { kind: 'digest', digest: absent }),
  'a blob': ({ blobs }) => blobs.stat('a', digestOf('layer')),
  'the bytes of a blob': ({ blobs }) => blobs.open('a', digestOf('layer')),
  'a blob to mount': ({ blobs }) => blobs.mount('b', digestOf('layer'), { from: 'a' }),
  'an upload session': ({ uploads }) => uploads.status('a', '0'.repeat(32)),
  'a tag to delete': ({ tags }) => tags.delete('a', 'tag'),
  'a manifest to delete': ({ manifests }) => manifests.delete('a', absent),
  'a manifest to push': ({ manifests }) => manifests.push('a', parseReference('new'), indexOf([])),
  'the list of tags': ({ tags }) => tags.list('a', { limit: 10 }),
  'the list of manifests': ({ manifests }) => manifests.list('a', { limit: 10 }),
  'the list of repositories': ({ repositories }) => repositories.list({ limit: 10 }),
  'the list of referrers': ({ referrers }) => referrers.list('a', absent, { bytes: 1000 }),
}

onEachPair('a process whose index was deleted, and another one begun in its place', (open) => {
  it('says of nothing that it does not exist, and gives no list', async () => {
    await using bench = await open({ untidy: 'the index is gone' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    await replaceIndex(bench)
    for (const [what, ask] of Object.entries(asked)) expect(await errorOf(ask(bench.registry)), what).toMatchObject(takenOver)
    expect(await errorOf(bench.registry.check())).toMatchObject(takenOver)
  })

  it('deletes no blob that it finds no use of', async () => {
    await using bench = await open({ untidy: 'the index is gone' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    await replaceIndex(bench)
    await pushBlob(bench.registry, 'a', 'layer')
    expect(await errorOf(bench.registry.blobs.delete('a', digestOf('layer')))).toMatchObject(takenOver)
  })

  it('deletes no object that it finds no name for', async () => {
    await using bench = await open({ untidy: 'the index is gone' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    bench.now = Date.now() + 2 * 86_400_000
    // It has seen that its index is whole, and need not look again.
    await bench.driver.put(blobObjectKey('0'.repeat(32), 0, '0'.repeat(8)), body('left over'))
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 1 })
    await bench.settled()
    const before = await bench.blobKeys()
    await replaceIndex(bench)
    await expect(bench.registry.sweep()).rejects.toThrow('the index was deleted')
    await bench.settled()
    expect(await bench.blobKeys()).toEqual(before)
  })

  it('is asked for once more than is read, only where something is absent', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const confirmations = (): number => bench.faults.count('get', /^system owner$/)
    bench.faults.forget()
    await readManifest(bench.registry, 'a', 'tag')
    await bench.registry.blobs.stat('a', digestOf('layer'))
    expect(confirmations()).toBe(0)
    await errorOf(bench.registry.blobs.stat('a', absent))
    expect(confirmations()).toBe(1)
  })
})

onEachPair('a new index', (open) => {
  it('has blobs where they are recorded, and not where another process has put them before it was made', async () => {
    await using bench = await open({ untidy: 'what the other process has put' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const recorded = await bench.row(rowKeys.blob(digestOf('layer')))
    await bench.loseIndex()
    const key = `blobs/00/${'0'.repeat(32)}-0-00000000`
    await bench.driver.put(key, body('layer'))
    await bench.put(rowKeys.blob(digestOf('layer')), { ...recorded!, objects: [{ key, size: 5 }] })
    bench.registry = (await bench.start()).registry
    expect(await findingsOf(bench.registry)).toEqual([])
    expect((await bench.row(rowKeys.blob(digestOf('layer'))))!.objects).toEqual(recorded!.objects)
  })
})

onEachPair('a session', (open) => {
  it('goes on without a look at whose the index is', async () => {
    await using bench = await open()
    bench.faults.forget()
    await pushBlob(bench.registry, 'a', 'x')
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.append('a', id, body('y'))
    expect(bench.faults.count('get', /^system owner$/)).toBe(0)
    await bench.registry.uploads.cancel('a', id)
  })
})
