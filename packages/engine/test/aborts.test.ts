import type { CallOptions } from '@registry/core'
import { parseReference } from '@registry/core'
import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { expect, it } from 'vitest'
import { createRegistry } from '../src/index.js'
import { type Bench, onEachPair } from './support/bench.js'
import { signal as signalOf } from './support/faults.js'
import { body, collect, digestOf, imageOf, pushBlob, pushImage } from './support/images.js'

const reason = new Error('the client went away')
const digest = digestOf('layer')
const tag = parseReference('tag')

const calls: readonly (readonly [string, (bench: Bench, id: string, options: CallOptions) => Promise<unknown>])[] = [
  ['uploads.start', ({ registry }, _, options) => registry.uploads.start('a', options)],
  ['uploads.status', ({ registry }, id, options) => registry.uploads.status('a', id, options)],
  ['uploads.append', ({ registry }, id, options) => registry.uploads.append('a', id, body('x'), options)],
  ['uploads.finish', ({ registry }, id, options) => registry.uploads.finish('a', id, { digest: digestOf('x'), body: body('x'), ...options })],
  ['blobs.stat', ({ registry }, _, options) => registry.blobs.stat('a', digest, options)],
  ['blobs.open', ({ registry }, _, options) => registry.blobs.open('a', digest, options)],
  ['blobs.mount', ({ registry }, _, options) => registry.blobs.mount('b', digest, { from: 'a', ...options })],
  ['manifests.push', ({ registry }, _, options) => registry.manifests.push('a', tag, imageOf(['layer']), options)],
  ['manifests.stat', ({ registry }, _, options) => registry.manifests.stat('a', tag, options)],
  ['manifests.get', ({ registry }, _, options) => registry.manifests.get('a', tag, options)],
  ['tags.list', ({ registry }, _, options) => registry.tags.list('a', { limit: 1, ...options })],
]

/** A body that gives one chunk, and nothing more until the test is over. */
function stalled(first: string): { readonly body: AsyncGenerator<Uint8Array, void>; readonly waiting: Promise<void>; readonly end: () => void } {
  const waiting = signalOf()
  const ended = signalOf()
  async function* chunks(): AsyncGenerator<Uint8Array, void> {
    if (first !== '') yield Buffer.from(first)
    waiting.give()
    await ended.given
  }
  return { body: chunks(), waiting: waiting.given, end: ended.give }
}

onEachPair('an aborted call', (open) => {
  it.each(calls)('rejects with the reason of its signal, and changes nothing: %s', async (_, call) => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}', 'layer'])
    const { id } = await bench.registry.uploads.start('a')
    const before = await bench.world()
    await expect(call(bench, id, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(await bench.world()).toEqual(before)
  })

  it.each(['x', ''])('ends at once while its body keeps it waiting, after %j', async (first) => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.append('a', id, body('begin'))
    const controller = new AbortController()
    const source = stalled(first)
    const append = bench.registry.uploads.append('a', id, source.body, { signal: controller.signal })
    await source.waiting
    controller.abort(reason)
    await expect(append).rejects.toBe(reason)
    source.end()
    const { offset } = await bench.registry.uploads.status('a', id)
    const text = 'beginx'.slice(0, offset)
    await bench.registry.uploads.finish('a', id, { digest: digestOf(text) })
  })

  it('of a closing upload ends at once too, and makes no blob', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    const controller = new AbortController()
    const source = stalled('x')
    const closing = bench.registry.uploads.finish('a', id, { digest: digestOf('x'), body: source.body, signal: controller.signal })
    await source.waiting
    controller.abort(reason)
    await expect(closing).rejects.toBe(reason)
    source.end()
    expect(await bench.rows('blobs/')).toEqual({})
  })

  it('of a read ends its body with the reason', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', 'x'.repeat(200_000))
    const controller = new AbortController()
    const blob = await bench.registry.blobs.open('a', digestOf('x'.repeat(200_000)), { signal: controller.signal })
    controller.abort(reason)
    await expect(collect(blob.body)).rejects.toBe(reason)
    await blob[Symbol.asyncDispose]()
  })

  it('of a manifest push stops trying again', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', '{}')
    const before = await bench.world()
    const controller = new AbortController()
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const push = bench.registry.manifests.push('a', tag, imageOf(['{}']), { signal: controller.signal })
    await commit.reached
    controller.abort(reason)
    const other = await bench.start()
    await other.registry.manifests.push('a', tag, imageOf(['{}'], { annotations: { other: '' } }))
    commit.release()
    await expect(push).rejects.toBe(reason)
    expect(Object.keys((await bench.world()).rows).filter((key) => key.startsWith('manifests/'))).toHaveLength(1)
    expect(before.rows).not.toHaveProperty('tags/a tag')
  })
})

it('an aborted append ends in a driver that does not answer', async () => {
  const reached = signalOf()
  const driver = memoryDriver()
  const stuck: typeof driver = {
    ...driver,
    put: (key, source, options) =>
      key.startsWith('blobs/')
        ? new Promise((_, reject) => {
            options?.signal?.addEventListener('abort', () => {
              reject(reason)
            })
            reached.give()
          })
        : driver.put(key, source, options),
  }
  await using registry = await createRegistry({ driver: stuck, index: memoryIndex() })
  const { id } = await registry.uploads.start('a')
  const controller = new AbortController()
  const append = registry.uploads.append('a', id, body('x'), { signal: controller.signal })
  await reached.given
  controller.abort(reason)
  await expect(append).rejects.toBe(reason)
})
