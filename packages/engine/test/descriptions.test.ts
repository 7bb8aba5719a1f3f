import { mediaTypes, parseReference, RegistryError } from '@registry/core'
import { expect, it, vi } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import type { Repository } from '../src/rows.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { descriptor, digestOf, imageOf, indexOf, pushBlob, pushImage, pushManifest } from './support/images.js'

const description = 'org.opencontainers.image.description'
const title = 'org.opencontainers.image.title'

/** Pushes an image that says this of itself, later than everything before. */
async function push(bench: Bench, tag: string, annotations: Readonly<Record<string, string>>, contents: readonly string[] = ['{}']): Promise<Buffer> {
  bench.now++
  const { manifest } = await pushImage(bench.registry, 'a', tag, contents, { annotations })
  return manifest
}

function configWith(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify({ config: { Labels: labels } })
}

/** What describes the repository once nothing goes on behind answers, as a search shows it. */
async function described(bench: Bench): Promise<string | undefined> {
  await bench.settled()
  const { repositories } = await bench.registry.repositories.search('', { limit: 2 })
  expect(repositories.map(({ name }) => name)).toEqual(['a'])
  return repositories[0]?.description
}

async function finds(bench: Bench, text: string): Promise<boolean> {
  return (await bench.registry.repositories.search(text, { limit: 1 })).found === 1
}

onEachPair('the description of a repository', (open) => {
  it('is what the newest tagged manifest says of itself, and found', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: 'The first one', [title]: 'Title' })
    expect(await described(bench)).toBe('The first one')
    expect(await finds(bench, 'FIRST')).toBe(true)
    await push(bench, 'v2', { [title]: 'Second title' })
    expect(await described(bench)).toBe('Second title')
    expect([await finds(bench, 'first'), await finds(bench, 'second')]).toEqual([false, true])
  })

  it('stays where a newer one says nothing, and follows retags and deletes', async () => {
    await using bench = await open()
    const first = await push(bench, 'v1', { [description]: 'one' })
    await push(bench, 'v2', { [description]: 'two' })
    await push(bench, 'silent', {})
    expect(await described(bench)).toBe('two')
    bench.now++
    await pushManifest(bench.registry, 'a', 'again', first)
    expect(await described(bench)).toBe('one')
    await bench.registry.tags.delete('a', 'again')
    expect(await described(bench)).toBe('two')
    await push(bench, 'v2', {}, ['{}', 'says nothing'])
    expect(await described(bench)).toBe('one')
    await bench.registry.manifests.delete('a', digestOf(first))
    expect(await described(bench)).toBeUndefined()
    expect(await finds(bench, 'one')).toBe(false)
  })

  it('goes with the repository, and does not come back with it', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: 'one' })
    expect(await described(bench)).toBe('one')
    await bench.registry.repositories.delete('a')
    await push(bench, 'v1', {}, ['{}', 'says nothing'])
    expect(await described(bench)).toBeUndefined()
  })

  it('is in the labels of the config where an image has no annotations, and in the first image of an index', async () => {
    await using bench = await open()
    await push(bench, 'v1', {}, [configWith({ [description]: 'in a label' })])
    expect(await described(bench)).toBe('in a label')
    await push(bench, 'v2', { [title]: 'an annotation' }, [configWith({ [description]: 'in a label' })])
    expect(await described(bench)).toBe('an annotation')
    const image = imageOf([configWith({ [title]: 'of an image' })])
    await pushBlob(bench.registry, 'a', configWith({ [title]: 'of an image' }))
    await pushManifest(bench.registry, 'a', digestOf(image), image)
    bench.now++
    await pushManifest(bench.registry, 'a', 'index', indexOf([image]))
    expect(await described(bench)).toBe('of an image')
    bench.now++
    await pushManifest(bench.registry, 'a', 'index', indexOf([image], { annotations: { [description]: 'of an index' } }))
    expect(await described(bench)).toBe('of an index')
  })

  it.each([
    ['no JSON', 'no JSON'],
    ['a list', '[]'],
    ['labels that are a text', JSON.stringify({ config: { Labels: 'text' } })],
    ['labels that are no texts', JSON.stringify({ config: { Labels: { [description]: { a: 1 } } } })],
    ['no config', JSON.stringify({ config: null })],
    ['nothing that can be seen', configWith({ [description]: ' \u200d\u0000\u202e ' })],
  ])('is none where a config has %s', async (_, config) => {
    await using bench = await open()
    await push(bench, 'v1', {}, [config])
    expect(await described(bench)).toBeUndefined()
  })

  it('is none where the config is of something else than an image', async () => {
    await using bench = await open()
    const config = configWith({ [description]: 'of a chart' })
    await pushBlob(bench.registry, 'a', config)
    const chart = imageOf([config], { config: descriptor(config, 'application/vnd.cncf.helm.config.v1+json') })
    await pushManifest(bench.registry, 'a', 'chart', chart)
    expect(await described(bench)).toBeUndefined()
  })

  it('is one line of plain text, bounded', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: ' A\ttext\r\n of\u001b[31m lines\u202e ' })
    expect(await described(bench)).toBe('A text of[31m lines')
    await push(bench, 'v2', { [description]: 'ü'.repeat(10_000) })
    expect(await described(bench)).toBe(`${'ü'.repeat(498)}…`)
  })

  it('is what somebody set, until that is taken back', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: 'pushed' })
    await bench.registry.repositories.describe('a', ' set by\n hand ')
    expect(await described(bench)).toBe('set by hand')
    await push(bench, 'v2', { [description]: 'newer' })
    expect(await described(bench)).toBe('set by hand')
    expect([await finds(bench, 'hand'), await finds(bench, 'newer')]).toEqual([true, false])
    await bench.registry.repositories.describe('a', undefined)
    expect(await described(bench)).toBe('newer')
  })

  it('is refused where nothing of it can be seen, and for a repository that is not there', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: 'pushed' })
    for (const text of ['', ' \n', '\u200d', '\u0000\u202e']) {
      expect(await errorOf(bench.registry.repositories.describe('a', text))).toMatchObject({ code: 'DESCRIPTION_INVALID' })
    }
    expect(await errorOf(bench.registry.repositories.describe('b', 'text'))).toMatchObject({ code: 'NAME_UNKNOWN' })
    expect(await described(bench)).toBe('pushed')
  })

  it('comes back when the index is lost', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: 'annotation' })
    await push(bench, 'v2', {}, [configWith({ [description]: 'label' })])
    await bench.rebuild()
    expect(await described(bench)).toBe('label')
    await bench.registry.repositories.describe('a', 'set by hand')
    await bench.rebuild()
    expect(await described(bench)).toBe('set by hand')
    await bench.registry.repositories.describe('a', undefined)
    expect(await described(bench)).toBe('label')
    await bench.registry.tags.delete('a', 'v2')
    expect(await described(bench)).toBe('annotation')
  })

  it('comes back for each of many repositories, in commits of any size', async () => {
    await using bench = await open({ changes: 12 })
    const names = Array.from({ length: 25 }, (_, n) => `a${String(n).padStart(2, '0')}`)
    for (const name of names) await pushImage(bench.registry, name, 'v1', ['{}'], { annotations: { [description]: `of ${name}` } })
    await bench.rebuild()
    const { repositories } = await bench.registry.repositories.search('', { limit: 100 })
    expect(repositories).toEqual(names.map((name) => ({ name, description: `of ${name}` })))
  })

  it('is read once for a manifest, however many tags it gets', async () => {
    await using bench = await open()
    const config = configWith({ [description]: 'in a label' })
    await pushBlob(bench.registry, 'a', config)
    const image = imageOf([config])
    bench.faults.forget()
    await bench.registry.manifests.push('a', parseReference(digestOf(image)), image, { tags: ['v1', 'v2', 'v3'] })
    expect(await described(bench)).toBe('in a label')
    // By who looks whether it is known, and by who looks for the newest then.
    expect(bench.faults.count('open', /^blobs\//)).toBe(2)
    bench.faults.forget()
    await bench.registry.manifests.push('a', parseReference(digestOf(image)), image, { tags: ['w1', 'w2', 'w3'] })
    await bench.settled()
    expect(bench.faults.count('open', /^blobs\//)).toBe(1)
  })

  it('is let go where search is off and a tag is put or deleted, and looked for again at the next one', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: 'one' })
    await push(bench, 'v2', { [description]: 'two' })
    expect(await described(bench)).toBe('two')
    const off = await bench.start({ policy: { search: false } })
    const key = rowKeys.repository('a', bench.index.capabilities.limits.spread)
    const before = await bench.entry(key)
    await off.registry.tags.delete('a', 'v2')
    await off.registry.settled()
    expect(before?.value).toHaveProperty('derived')
    expect(await bench.row(key)).not.toHaveProperty('derived')
    expect(await described(bench)).toBeUndefined()
    const letGo = await bench.entry(key)
    bench.now++
    await pushImage(off.registry, 'a', 'v3', ['{}', 'other'], { annotations: { [description]: 'three' } })
    await off.registry.settled()
    expect(await bench.entry(key)).toEqual(letGo)
    await push(bench, 'silent', {})
    expect(await described(bench)).toBe('three')
  })

  it('is read where search is off, too', async () => {
    await using bench = await open({ policy: { search: false } })
    await push(bench, 'v1', { [description]: 'annotation' })
    await bench.registry.repositories.describe('a', 'set by hand')
    expect(await bench.registry.repositories.get('a')).toEqual({ name: 'a', description: 'set by hand' })
    expect(await errorOf(bench.registry.repositories.get('b'))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })

  it('is not looked for again where a push says the same', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: 'same' })
    await bench.settled()
    const key = rowKeys.repository('a', bench.index.capabilities.limits.spread)
    const before = await bench.entry(key)
    await push(bench, 'v2', { [description]: 'same' }, ['{}', 'other'])
    await push(bench, 'v1', { [description]: 'same' }, ['{}', 'moved'])
    await bench.settled()
    expect(await bench.entry(key)).toEqual(before)
  })

  it('is followed by whoever finishes what a process that died left', async () => {
    await using bench = await open()
    await push(bench, 'v1', { [description]: 'one' })
    await bench.settled()
    const { reached } = bench.faults.hold('commit', /^put repositories\/[0-9a-f]+ a$/)
    await push(bench, 'v2', { [description]: 'two' })
    await reached
    bench.kill()
    const { registry } = await bench.start()
    await registry.sweep({ noteAge: 0 })
    await registry.settled()
    expect((await registry.repositories.search('', { limit: 1 })).repositories).toEqual([{ name: 'a', description: 'two' }])
  })

  it('is none of a tag whose manifest was deleted, though that is there again', async () => {
    await using bench = await open()
    const manifest = await push(bench, 'v1', { [description]: 'one' })
    await bench.settled()
    const derived = async (): Promise<unknown> => (await bench.row(rowKeys.repository('a', bench.index.capabilities.limits.spread)) as Repository).derived
    const sweep = bench.faults.hold('get', /^doomed\//)
    await bench.registry.manifests.delete('a', digestOf(manifest))
    await sweep.reached
    await pushManifest(bench.registry, 'a', digestOf(manifest), manifest)
    await push(bench, 'v2', { [description]: 'two' })
    await vi.waitFor(async () => { expect(await derived()).toEqual({ text: 'two', tag: 'v2' }) })
    await bench.registry.tags.delete('a', 'v2')
    await vi.waitFor(async () => { expect(await derived()).toBeNull() })
    sweep.release()
    await bench.settled()
    expect(await derived()).toBeNull()
  })

  it('is looked for by who works off a note, whoever looks under the same and fails', async () => {
    await using bench = await open({ failsInBackground: true })
    await push(bench, 'v1', { [description]: 'one' })
    await bench.settled()
    const { registry, faults } = await bench.start()
    const own = bench.faults.hold('commit', /^put repositories\//)
    await push(bench, 'v2', { [description]: 'two' })
    await own.reached
    const other = faults.hold('commit', /^put repositories\//)
    const sweeping = registry.sweep({ noteAge: 0, objectFolders: [] })
    await other.reached
    bench.faults.fail('commit', /^put repositories\//, new RegistryError('UNAVAILABLE', 'failed on purpose'))
    own.release()
    await vi.waitFor(() => { expect(bench.backgroundErrors).toMatchObject([{ message: 'failed on purpose' }]) })
    other.release()
    await sweeping
    expect(await described(bench)).toBe('two')
  })

  it('that a mediaType of a manifest list leads to is that of its first image', async () => {
    await using bench = await open()
    const config = configWith({ [description]: 'docker' })
    await pushBlob(bench.registry, 'a', config)
    const fields = { mediaType: mediaTypes.dockerManifest, config: descriptor(config, 'application/vnd.docker.container.image.v1+json') }
    const image = imageOf([config], fields)
    await pushManifest(bench.registry, 'a', digestOf(image), image)
    const list = { mediaType: mediaTypes.dockerManifestList, manifests: [descriptor(image, mediaTypes.dockerManifest)] }
    await pushManifest(bench.registry, 'a', 'list', indexOf([], list))
    expect(await described(bench)).toBe('docker')
  })
})
