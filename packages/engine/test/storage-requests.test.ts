import { expect, it } from 'vitest'
import { type Bench, onEachPair } from './support/bench.js'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest, readBlob, readManifest } from './support/images.js'

/** Storage requests between a call and its answer, such as `put put`, whatever goes on behind the answer. */
async function requests(bench: Bench, operation: () => Promise<unknown>): Promise<string> {
  await bench.settled()
  bench.faults.forget()
  await operation()
  const calls = bench.faults.calls.map((call) => call.operation).filter((name) => ['head', 'open', 'put', 'delete', 'list'].includes(name))
  await bench.settled()
  return calls.join(' ')
}

const layers = Array.from({ length: 8 }, (_, n) => `layer ${n}`)

onEachPair('storage requests before the answer', (open) => {
  it('of a small layer, pushed as docker does: one', async () => {
    await using bench = await open()
    expect(await requests(bench, () => pushBlob(bench.registry, 'a', 'x'.repeat(65_536)))).toBe('put')
  })

  it('of a layer in ten chunks: one each', async () => {
    await using bench = await open()
    const digest = digestOf('x'.repeat(10))
    const calls = await requests(bench, async () => {
      const { id } = await bench.registry.uploads.start('a')
      for (let n = 0; n < 10; n++) await bench.registry.uploads.append('a', id, body('x'))
      await bench.registry.uploads.finish('a', id, { digest })
    })
    expect(calls).toBe(Array(10).fill('put').join(' '))
  })

  it('of a layer that is there already: one', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', 'x')
    expect(await requests(bench, () => pushBlob(bench.registry, 'b', 'x'))).toMatch(/^put(?: delete)?$/)
  })

  it('of a manifest by tag in a known repository: two', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'first', layers)
    const manifest = imageOf([...layers, 'layer 0'])
    expect(await requests(bench, () => pushManifest(bench.registry, 'a', 'second', manifest))).toBe('put put')
  })

  it('of a manifest by digest: one', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'first', layers)
    const manifest = imageOf([...layers, 'layer 0'])
    expect(await requests(bench, () => pushManifest(bench.registry, 'a', digestOf(manifest), manifest))).toBe('put')
  })

  it('of a tag on a manifest that is there: one', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'first', layers)
    expect(await requests(bench, () => pushManifest(bench.registry, 'a', 'second', manifest))).toBe('put')
  })

  it('of the same push again: none', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'first', layers)
    expect(await requests(bench, () => pushManifest(bench.registry, 'a', 'first', manifest))).toBe('')
  })

  it('of reading a manifest and of every HEAD and list: none', async () => {
    await using bench = await open()
    const { digest } = await pushImage(bench.registry, 'a', 'tag', layers)
    const { registry } = bench
    for (const reference of ['tag', digest]) expect(await requests(bench, () => readManifest(registry, 'a', reference))).toBe('')
    expect(await requests(bench, () => registry.manifests.stat('a', { kind: 'tag', tag: 'tag' }))).toBe('')
    expect(await requests(bench, () => registry.blobs.stat('a', digestOf('layer 0')))).toBe('')
    expect(await requests(bench, () => registry.tags.list('a', { limit: 10 }))).toBe('')
  })

  it('of reading a blob of one object: one', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', 'x')
    expect(await requests(bench, () => readBlob(bench.registry, 'a', digestOf('x')))).toBe('open')
  })

  it('of a mount, of a session that is begun, and of the blob of zero bytes: none', async () => {
    await using bench = await open()
    await pushBlob(bench.registry, 'a', 'x')
    expect(await requests(bench, () => bench.registry.blobs.mount('b', digestOf('x'), { from: 'a' }))).toBe('')
    expect(await requests(bench, () => bench.registry.uploads.start('a'))).toBe('')
    expect(await requests(bench, () => pushBlob(bench.registry, 'a', ''))).toBe('')
  })

  it('delete nothing when there is nothing to delete', async () => {
    await using bench = await open()
    bench.faults.forget()
    await pushImage(bench.registry, 'a', 'tag', layers)
    await bench.settled()
    expect(bench.faults.count('delete')).toBe(0)
  })
})
