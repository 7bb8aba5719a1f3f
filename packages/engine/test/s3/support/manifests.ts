import { RegistryError } from '@registry/core'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest } from '../../support/images.js'
import type { Operation } from './operation.js'
import type { Stage } from './stage.js'

const contents = ['{}', 'layer']
const image = imageOf(contents)
const other = imageOf(contents, { annotations: { is: 'another' } })
/** Its text does not fit in a row. */
const largeImage = imageOf(contents, { annotations: { note: 'x'.repeat(500_000) } })
const blobs = contents.map((content) => digestOf(content))

async function pushed({ bench: { registry } }: Stage): Promise<void> {
  await pushImage(registry, 'a', 'first', contents)
}

async function pushLarge({ bench: { registry } }: Stage): Promise<void> {
  await pushImage(registry, 'a', 'first', contents)
  await pushManifest(registry, 'a', 'large', largeImage)
}

/** Behind the push of a tag the labels of its config are read, for a description. */
export const manifestOperations: readonly Operation[] = [
  {
    name: 'the first manifest of a repository',
    before: ['PutObject', 'PutObject', 'PutObject'],
    behind: ['GetObject'],
    blobs,
    given: async ({ bench: { registry } }) => {
      for (const content of contents) await pushBlob(registry, 'a', content)
    },
    run: ({ registry }) => pushManifest(registry, 'a', 'first', image),
  },
  {
    name: 'a manifest by tag',
    before: ['PutObject', 'PutObject'],
    behind: ['GetObject'],
    blobs,
    given: pushed,
    run: ({ registry }) => pushManifest(registry, 'a', 'second', other),
  },
  {
    name: 'a manifest whose text does not fit in a row',
    before: ['PutObject', 'PutObject', 'PutObject'],
    behind: ['GetObject'],
    blobs,
    given: pushed,
    run: ({ registry }) => pushManifest(registry, 'a', 'large', largeImage),
  },
  {
    name: 'a tag that moves to a new manifest',
    before: ['PutObject', 'PutObject'],
    behind: ['DeleteObject', 'GetObject'],
    given: pushed,
    run: ({ registry }) => pushManifest(registry, 'a', 'first', other),
  },
  {
    name: 'a tag on a manifest that is there',
    before: ['PutObject'],
    behind: ['GetObject'],
    given: pushed,
    run: ({ registry }) => pushManifest(registry, 'a', 'second', image),
  },
  {
    name: 'a manifest whose push before was refused',
    before: ['PutObject', 'PutObject'],
    behind: ['GetObject'],
    isLate: true,
    given: async (stage) => {
      await pushed(stage)
      const { bench } = stage
      bench.faults.fail('put', /_tags/, new RegistryError('UNAVAILABLE', 'failed on purpose', { outcome: 'unknown' }))
      bench.faults.fail('put', /_manifests/, new RegistryError('UNAVAILABLE', 'failed on purpose', { outcome: 'unknown' }))
      await pushManifest(bench.registry, 'a', 'second', other).catch(() => undefined)
    },
    run: ({ registry }) => pushManifest(registry, 'a', 'second', other),
  },
  {
    name: 'the delete of a tag',
    before: ['PutObject'],
    behind: ['DeleteObject'],
    given: pushed,
    run: ({ registry }) => registry.tags.delete('a', 'first'),
    doneAlready: ['MANIFEST_UNKNOWN'],
  },
  {
    name: 'the delete of a manifest with its tags',
    before: ['PutObject'],
    behind: ['DeleteObject', 'PutObject', 'PutObject', 'DeleteObjects'],
    given: async (stage) => {
      await pushed(stage)
      await pushManifest(stage.bench.registry, 'a', 'second', image)
    },
    run: ({ registry }) => registry.manifests.delete('a', digestOf(image)),
    doneAlready: ['MANIFEST_UNKNOWN'],
  },
  {
    name: 'the delete of a manifest whose text does not fit in a row',
    before: ['PutObject'],
    behind: ['DeleteObject', 'PutObject', 'DeleteObject', 'GetObject', 'DeleteObject'],
    given: pushLarge,
    run: ({ registry }) => registry.manifests.delete('a', digestOf(largeImage)),
    doneAlready: ['MANIFEST_UNKNOWN'],
  },
  {
    name: 'the delete of a repository',
    before: ['PutObject', 'PutObject', 'PutObject'],
    behind: ['DeleteObject', 'DeleteObject', 'DeleteObject'],
    blobs,
    given: pushed,
    run: ({ registry }) => registry.repositories.delete('a'),
    doneAlready: ['NAME_UNKNOWN'],
    isStepwise: true,
  },
  {
    name: 'reading a manifest whose text does not fit in a row',
    before: ['GetObject'],
    given: pushLarge,
    run: async ({ registry }) => {
      const { bytes } = await registry.manifests.get('a', { kind: 'tag', tag: 'large' })
      if (digestOf(bytes) !== digestOf(largeImage)) throw new Error('another text was read')
    },
  },
  {
    name: 'a delete of a blob, a mount, and a push of nothing new',
    before: [],
    blobs,
    given: async (stage) => {
      await pushed(stage)
      await pushBlob(stage.bench.registry, 'b', 'other')
    },
    run: async ({ registry }) => {
      await pushManifest(registry, 'a', 'first', image)
      await registry.blobs.mount('b', blobs[1]!, { from: 'a' })
      await registry.blobs.delete('b', digestOf('other'))
      const { id } = await registry.uploads.start('b')
      await registry.uploads.finish('b', id, { digest: digestOf(''), body: body() })
    },
  },
]
