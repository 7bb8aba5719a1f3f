import type { Change, CommitOptions, Index } from '@registry/core'
import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { expect, it } from 'vitest'
import { createRegistry, type Registry } from '../src/index.js'
import { body, digestOf, imageOf, pushBlob, pushManifest } from './support/images.js'

interface Watched extends AsyncDisposable {
  readonly registry: Registry
  /** What the commits so far put, such as `uploads`, in those that are to be durable and in the others. */
  puts(): { readonly durable: readonly string[]; readonly others: readonly string[] }
}

async function watched(): Promise<Watched> {
  const commits: (readonly [changes: readonly Change[], options: CommitOptions | undefined])[] = []
  const stored = memoryIndex()
  const index: Index = {
    ...stored,
    commit: async (changes, options) => {
      commits.push([changes, options])
      return stored.commit(changes, options)
    },
  }
  const registry = await createRegistry({ driver: memoryDriver(), index })
  await registry.settled()
  const putBy = (durable: boolean): readonly string[] => {
    const chosen = commits.filter(([, options]) => (options?.durable ?? true) === durable)
    const puts = chosen.flatMap(([changes]) => changes.filter(({ op }) => op === 'put'))
    return [...new Set(puts.map(({ key }) => key.partition.split('/', 1)[0]!))].sort()
  }
  commits.length = 0
  return {
    registry,
    puts() {
      const seen = { durable: putBy(true), others: putBy(false) }
      commits.length = 0
      return seen
    },
    [Symbol.asyncDispose]: () => registry.close(),
  }
}

it('what an answer tells is durable: blobs, manifests, tags; what a client can begin again is not', async () => {
  await using bench = await watched()
  const { registry } = bench
  for (const content of ['{}', 'layer']) await pushBlob(registry, 'a', content)
  expect(bench.puts()).toEqual({ durable: ['blobs', 'links', 'objects'], others: ['uploads'] })
  await pushManifest(registry, 'a', 'tag', imageOf(['{}', 'layer']))
  await registry.settled()
  expect(bench.puts()).toEqual({ durable: ['due', 'manifests', 'repositories', 'tagged', 'tags'], others: ['pushes', 'used'] })
})

it('a session is durable where it names merged objects, since those that it named before are trash', async () => {
  await using bench = await watched()
  const { uploads } = bench.registry
  const { id } = await uploads.start('a')
  for (let n = 0; n < 64; n++) await uploads.append('a', id, body('x'))
  expect(bench.puts()).toEqual({ durable: [], others: ['uploads'] })
  await uploads.append('a', id, body('y'))
  expect(bench.puts()).toEqual({ durable: ['trash', 'uploads'], others: [] })
  await uploads.finish('a', id, { digest: digestOf(`${'x'.repeat(64)}y`) })
})
