import { mediaTypes, RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import type { ManifestPush, PushName, Registry, TagPush } from '../src/index.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { configType, descriptor, digestOf, imageOf, indexOf, pushBlob, pushManifest, readManifest } from './support/images.js'
import { listenToAll } from './support/told.js'

const config = { architecture: 'amd64', config: { Labels: { maintainer: 'me' } } }
const contents = [JSON.stringify(config), 'layer']
const annotations = { note: 'of the manifest' }
const subject = descriptor('subject', mediaTypes.imageManifest)
const image = imageOf(contents, { annotations, subject })
const digest = digestOf(image)
const size = image.byteLength
const facts = { repository: 'a', digest, mediaType: mediaTypes.imageManifest, size }

type Work = (bench: Bench) => Promise<unknown>

const push: Work = ({ registry }) => registry.manifests.push('a', { kind: 'tag', tag: 'one' }, image, { tags: ['two', 'one'] })

async function pushBlobs({ registry }: Bench, repository = 'a'): Promise<void> {
  for (const content of contents) await pushBlob(registry, repository, content)
}

/** The refusal of what leaves everything as it was, and tells nobody of anything. */
async function refusalOf(bench: Bench, work: Work = push): Promise<RegistryError> {
  const before = await bench.world()
  const told = listenToAll(bench.registry)
  bench.faults.forget()
  const refusal = await errorOf(work(bench))
  await bench.settled()
  expect(bench.faults.count('commit') + bench.faults.count('put')).toBe(0)
  expect(await bench.world()).toEqual(before)
  expect(told).toEqual([])
  return refusal
}

const refuse = (): never => {
  throw new Error('not today')
}

onEachPair('a check', (open) => {
  const filled = async (options?: Parameters<typeof open>[0]): Promise<Bench> => {
    const bench = await open(options)
    await pushBlobs(bench)
    return bench
  }

  it('is shown what is pushed before anything of it is stored, and cannot change it', async () => {
    await using bench = await filled()
    const shown: ManifestPush[] = []
    const tags: TagPush[] = []
    const order: string[] = []
    bench.registry.before('tag.push', (tag) => {
      order.push('tag')
      tags.push(tag)
    })
    bench.registry.before('manifest.push', async (manifest) => {
      order.push('manifest')
      shown.push(manifest)
      expect(await errorOf(readManifest(bench.registry, 'a', 'one'))).toMatchObject({ code: 'NAME_UNKNOWN' })
      expect(() => Object.assign(manifest, { digest: subject.digest })).toThrow(TypeError)
      expect(() => Object.assign(manifest.annotations, { note: 'changed' })).toThrow(TypeError)
      expect(() => Object.assign(manifest.tags, { 0: 'changed' })).toThrow(TypeError)
    })
    await push(bench)
    expect(shown).toEqual([
      { ...facts, tags: ['one', 'two'], text: image.toString(), annotations, subject: subject.digest, configType, config: expect.any(Function) as unknown },
    ])
    expect(tags).toEqual([{ ...facts, tag: 'one' }, { ...facts, tag: 'two' }])
    expect(order).toEqual(['manifest', 'tag', 'tag'])
    for (const each of tags) expect(Object.isFrozen(each)).toBe(true)
    expect((await bench.registry.referrers.list('a', subject.digest, { bytes: 10_000 })).descriptors).toMatchObject([{ annotations }])
  })

  it('is asked about every push, also of what is there, and about no tag where there is none', async () => {
    await using bench = await filled()
    const asked: string[] = []
    for (const name of ['manifest.push', 'tag.push'] as const) bench.registry.before(name, () => asked.push(name))
    await pushManifest(bench.registry, 'a', digest, image)
    await pushManifest(bench.registry, 'a', 'one', image)
    await pushManifest(bench.registry, 'a', 'one', image)
    expect(asked).toEqual(['manifest.push', 'manifest.push', 'tag.push', 'manifest.push', 'tag.push'])
  })

  it('is not asked about what is refused anyway', async () => {
    await using bench = await filled({ policy: { manifestBytes: size } })
    const asked: unknown[] = []
    bench.registry.before('manifest.push', (manifest) => asked.push(manifest))
    expect(await errorOf(pushManifest(bench.registry, 'a', 'one', Buffer.from('{}')))).toMatchObject({ code: 'MANIFEST_INVALID' })
    expect(await errorOf(pushManifest(bench.registry, 'a', subject.digest, image))).toMatchObject({ code: 'DIGEST_INVALID' })
    expect(await errorOf(pushManifest(bench.registry, 'a', 'one', Buffer.concat([image, image])))).toMatchObject({ code: 'TOO_LARGE' })
    expect(asked).toEqual([])
  })

  it.each<PushName>(['manifest.push', 'tag.push'])('that throws or rejects before a %s refuses it, and nothing is left of it', async (name) => {
    await using bench = await filled()
    const takeAway = bench.registry.before(name, refuse)
    expect(await refusalOf(bench)).toMatchObject({ code: 'DENIED', message: 'not today', cause: new Error('not today'), retryable: false })
    takeAway()
    bench.registry.before(name, async () => {
      await Promise.resolve()
      throw new Error('not tomorrow')
    })
    expect(await refusalOf(bench)).toMatchObject({ code: 'DENIED', message: 'not tomorrow' })
  })

  it('of one tag refuses the push with all of its tags, and its manifest', async () => {
    await using bench = await filled()
    bench.registry.before('tag.push', ({ tag }) => {
      if (tag === 'two') throw new Error(`${tag} is taken`)
    })
    expect(await refusalOf(bench)).toMatchObject({ code: 'DENIED', message: 'two is taken' })
    await pushManifest(bench.registry, 'a', 'one', image)
    expect(await refusalOf(bench, ({ registry }) => pushManifest(registry, 'a', 'two', image))).toMatchObject({ code: 'DENIED' })
  })

  it('comes after those that are there, and the first refusal counts', async () => {
    await using bench = await filled()
    const asked: string[] = []
    bench.registry.before('manifest.push', async () => {
      await Promise.resolve()
      asked.push('first')
    })
    const takeAway = bench.registry.before('manifest.push', () => {
      asked.push('second')
      throw new Error('the second')
    })
    bench.registry.before('manifest.push', () => {
      asked.push('third')
      throw new Error('the third')
    })
    bench.registry.before('tag.push', refuse)
    expect(await refusalOf(bench)).toMatchObject({ message: 'the second' })
    expect(asked).toEqual(['first', 'second'])
    takeAway()
    expect(await refusalOf(bench)).toMatchObject({ message: 'the third' })
    expect(asked.slice(2)).toEqual(['first', 'third'])
  })

  it('that takes too long refuses with UNAVAILABLE, and its signal is aborted', async () => {
    await using bench = await filled({ policy: { checkMilliseconds: 5 } })
    let given: AbortSignal | undefined
    bench.registry.before('manifest.push', async (_, { signal }) => {
      given = signal
      await new Promise(() => {})
    })
    const refusal = await refusalOf(bench)
    expect(refusal).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    expect(given?.reason).toBe(refusal)
  })

  it('that heeds the end of its time is refused for that, and not for what it throws then', async () => {
    await using bench = await filled({ policy: { checkMilliseconds: 5 } })
    bench.registry.before('manifest.push', async (_, { signal }) => {
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('aborted'))
        })
      })
    })
    expect(await refusalOf(bench)).toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('has no time limit where the policy has none, and its signal stays as it is when it has ended', async () => {
    await using bench = await filled({ policy: { checkMilliseconds: Infinity } })
    let given: AbortSignal | undefined
    bench.registry.before('manifest.push', async (manifest, { signal }) => {
      given = signal
      for (let n = 0; n < 30; n++) await pushBlob(bench.registry, 'b', `blob ${n}`)
      await manifest.config()
    })
    await push(bench)
    expect(given?.aborted).toBe(false)
  })

  it('that hangs ends for the push when the client leaves, and its signal is aborted', async () => {
    await using bench = await filled()
    const client = new AbortController()
    const gone = new Error('the client left')
    let given: AbortSignal | undefined
    bench.registry.before('manifest.push', async (_, { signal }) => {
      given = signal
      client.abort(gone)
      await new Promise(() => {})
    })
    const before = await bench.world()
    const pushing = bench.registry.manifests.push('a', { kind: 'tag', tag: 'one' }, image, { signal: client.signal })
    await expect(pushing).rejects.toBe(gone)
    expect(given?.reason).toBe(gone)
    expect(await bench.world()).toEqual(before)
  })

  it('can look at the config of an image, and of nothing else', async () => {
    await using bench = await filled()
    const found: unknown[] = []
    bench.registry.before('manifest.push', async (manifest) => {
      const one = await manifest.config()
      found.push(one)
      // What one check makes of it is not what the next one sees.
      if (one) Object.assign(one, { architecture: 'changed' })
      expect(await manifest.config()).toEqual(found.length === 1 ? config : undefined)
    })
    await pushManifest(bench.registry, 'a', 'one', image)
    await pushManifest(bench.registry, 'a', 'index', indexOf([image]))
    await pushBlob(bench.registry, 'a', 'no JSON')
    await pushManifest(bench.registry, 'a', 'other', imageOf(['no JSON']))
    expect(found).toEqual([{ ...config, architecture: 'changed' }, undefined, undefined])
  })

  it('sees no config that another repository has', async () => {
    await using bench = await filled()
    const found: unknown[] = []
    bench.registry.before('manifest.push', async (manifest) => found.push(await manifest.config()))
    expect(await errorOf(pushManifest(bench.registry, 'b', 'one', image))).toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN' })
    expect(found).toEqual([undefined])
  })

  it('that could not read the config fails as storage does, and refuses nothing', async () => {
    await using bench = await filled()
    const away = new RegistryError('UNAVAILABLE', 'storage is away')
    bench.registry.before('manifest.push', async (manifest) => {
      bench.faults.fail('open', /^blobs\//, away)
      await manifest.config()
    })
    expect(await refusalOf(bench)).toBe(away)
  })

  it('is asked where the registry is being rebuilt, too', async () => {
    await using bench = await filled()
    await pushManifest(bench.registry, 'a', 'one', image)
    await bench.settled()
    await bench.loseIndex()
    const { registry } = await bench.begin()
    registry.before('manifest.push', refuse)
    await registry.rebuild!.report
    expect(await errorOf(pushManifest(registry, 'a', 'two', image))).toMatchObject({ code: 'DENIED' })
  })
})

onEachPair('a check that is not one', (open) => {
  it('is refused at once', async () => {
    await using bench = await open()
    const { registry }: { readonly registry: Registry } = bench
    for (const name of ['blob.push', 'toString']) expect(() => registry.before(name as PushName, refuse)).toThrow(TypeError)
    expect(() => registry.before('tag.push', 'no function' as never)).toThrow(new TypeError('the check before tag.push is no function'))
  })
})
