import { RegistryError } from '@registry/core'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest, collect } from '../../support/images.js'
import { blobObjectKey } from '../../../src/keyspace.js'
import { bodyOf } from '../../../src/body.js'
import type { Operation } from './operation.js'
import type { Stage } from './stage.js'
import { digestRead } from './visible.js'

const day = 24 * 3_600_000
const layer = digestOf('layer')

async function expectBlob({ registry }: Stage): Promise<void> {
  if ((await digestRead(registry, 'a', layer)) !== layer) throw new Error('other bytes were read')
}

/** Finishes what others left, and takes away what nobody needs any more, a day later. */
async function sweep({ bench, registry }: Stage): Promise<void> {
  const folders = new Set((await bench.keys('blobs/')).map((key) => key.slice('blobs/'.length, 'blobs/'.length + 2)))
  await registry.sweep({ noteAge: 0, objectFolders: [...folders] })
}

export const readOperations: readonly Operation[] = [
  {
    name: 'a start on an empty storage',
    before: ['ListObjectsV2', 'GetObject', 'ListObjectsV2', 'PutObject', 'GetObject'],
    isStart: true,
    isFirst: true,
    given: async ({ bench }) => {
      // As if nothing had ever started on it.
      await bench.loseIndex()
      await bench.driver.delete(['registry.json'])
    },
    run: (stage) => (stage.isOver ? stage.enterUnharmed() : stage.enter()),
  },
  {
    name: 'a start on a storage that is in use',
    before: ['ListObjectsV2', 'GetObject', 'GetObject'],
    isStart: true,
    given: ({ bench }) => pushImage(bench.registry, 'a', 'tag', ['{}', 'layer']),
    run: (stage) => (stage.isOver ? stage.enterUnharmed() : stage.enter()),
  },
  {
    name: 'the look whether all is well',
    before: ['GetObject'],
    run: ({ registry }) => registry.check(),
  },
  {
    name: 'reading a blob',
    before: ['GetObject'],
    blobs: [layer],
    given: ({ bench }) => pushBlob(bench.registry, 'a', 'layer'),
    run: expectBlob,
  },
  {
    name: 'reading a blob of three objects',
    before: ['GetObject', 'GetObject', 'GetObject'],
    blobs: [layer],
    given: async ({ bench: { registry } }) => {
      const { id } = await registry.uploads.start('a')
      for (const chunk of ['la', 'ye', 'r']) await registry.uploads.append('a', id, body(chunk))
      await registry.uploads.finish('a', id, { digest: layer })
    },
    run: expectBlob,
  },
  {
    name: 'reading a part of a blob',
    before: ['GetObject'],
    given: ({ bench }) => pushBlob(bench.registry, 'a', 'layer'),
    run: async ({ registry }) => {
      await using blob = await registry.blobs.open('a', layer, { range: { start: 1, end: 4 } })
      const text = (await collect(blob.body)).toString()
      if (text !== 'aye') throw new Error(`read ${text}`)
    },
  },
]

export const sweepOperations: readonly Operation[] = [
  {
    name: 'the end of a session that expired, with an object that it does not name',
    before: ['ListObjectsV2', 'ListObjectsV2', 'ListObjectsV2'],
    behind: ['DeleteObjects'],
    isSweep: true,
    isLate: true,
    given: async ({ bench }) => {
      const { id } = await bench.registry.uploads.start('a')
      await bench.registry.uploads.append('a', id, body('layer'))
      await bench.driver.put(blobObjectKey(id, 7, '12345678'), bodyOf(Buffer.from('unnamed')))
      bench.now += 2 * day
    },
    run: ({ registry }) => registry.sweep({ noteAge: 0, objectFolders: [] }),
  },
  {
    name: 'objects that nothing names',
    before: ['ListObjectsV2', 'ListObjectsV2', 'ListObjectsV2'],
    behind: ['DeleteObject'],
    isSweep: true,
    isLate: true,
    given: async ({ bench }) => {
      await bench.driver.put(blobObjectKey('0'.repeat(32), 0, '12345678'), bodyOf(Buffer.from('unnamed')))
      bench.now += 2 * day
    },
    run: sweep,
  },
  {
    name: 'tombstones whose time has come',
    before: ['ListObjectsV2', 'DeleteObject'],
    isSweep: true,
    isLate: true,
    given: async ({ bench }) => {
      const image = imageOf(['{}'])
      await pushImage(bench.registry, 'a', 'tag', ['{}'])
      await bench.registry.tags.delete('a', 'tag')
      await pushManifest(bench.registry, 'a', 'other', image)
      await bench.settled()
      bench.now += 2 * day
    },
    run: ({ registry }) => registry.sweep({ noteAge: 0, objectFolders: [] }),
  },
  {
    name: 'records and deletes that a process has left',
    before: ['PutObject'],
    behind: ['DeleteObject'],
    isSweep: true,
    isLate: true,
    given: async ({ bench }) => {
      await pushImage(bench.registry, 'a', 'tag', ['{}'])
      bench.faults.fail('put', /_tags/, new RegistryError('UNAVAILABLE', 'failed on purpose', { outcome: 'unknown' }))
      await bench.registry.tags.delete('a', 'tag').catch(() => undefined)
    },
    run: ({ registry }) => registry.sweep({ noteAge: 0, objectFolders: [] }),
  },
]
