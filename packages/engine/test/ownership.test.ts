import { type Driver, type Index, RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import { createRegistry } from '../src/index.js'
import { readObject } from '../src/body.js'
import { errorOf } from './support/bench.js'
import { Faults } from './support/faults.js'
import { body, pushBlob, pushImage, readManifest } from './support/images.js'
import { describeEachPair, type Storages } from './support/pairs.js'

interface Places extends AsyncDisposable {
  readonly first: Storages
  readonly second: Storages
}

describeEachPair('a storage and its index', (pair) => {
  const open = async (): Promise<Places> => {
    const first = await pair.open()
    const second = await pair.open()
    return {
      first,
      second,
      async [Symbol.asyncDispose](): Promise<void> {
        await first[Symbol.asyncDispose]()
        await second[Symbol.asyncDispose]()
      },
    }
  }
  const used = async ({ first }: Places, work: 'image' | 'blob' | 'nothing' = 'image'): Promise<void> => {
    await using registry = await createRegistry({ driver: await first.driver(), index: await first.index() })
    if (work === 'image') await pushImage(registry, 'a', 'tag', ['{}'])
    if (work === 'blob') await pushBlob(registry, 'a', '{}')
  }
  const everything = async (driver: Driver): Promise<Record<string, string>> => {
    const found: Record<string, string> = {}
    for await (const { key } of driver.list()) found[key] = (await readObject(driver.open(key))).toString()
    return found
  }
  const start = async (driver: Driver, index: Index): Promise<string> => {
    await using registry = await createRegistry({ driver, index })
    return await readManifest(registry, 'a', 'tag')
  }

  it('are bound to each other at their first start, and open again together', async () => {
    await using places = await open()
    await used(places)
    const driver = await places.first.driver()
    const record = JSON.parse((await everything(driver))['registry.json']!) as unknown
    expect(record).toEqual({ layout: 1, index: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown })
    expect(await start(driver, await places.first.index())).toContain('schemaVersion')
  })

  it.each([
    ['landed', true],
    ['did not land', false],
  ])('are bound also where the answer of the commit that binds them was lost, which %s', async (_, landed) => {
    await using places = await open()
    const [driver, index] = [await places.first.driver(), await places.first.index()]
    let lost = 0
    const losing: Index = {
      ...index,
      async commit(changes, options) {
        if (lost++ > 0) return index.commit(changes, options)
        if (landed) await index.commit(changes, options)
        throw new RegistryError('UNAVAILABLE', 'the answer was lost', { outcome: 'unknown' })
      },
    }
    await using registry = await createRegistry({ driver, index: losing })
    await pushImage(registry, 'a', 'tag', ['{}'])
    expect(await start(await places.first.driver(), await places.first.index())).toContain('schemaVersion')
  })

  it('are not bound for ever where every answer is lost', async () => {
    await using places = await open()
    const commit = (): Promise<never> => Promise.reject(new RegistryError('UNAVAILABLE', 'the answer was lost', { outcome: 'unknown' }))
    const index: Index = { ...(await places.first.index()), commit }
    await expect(createRegistry({ driver: await places.first.driver(), index })).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('try again') as unknown })
  })

  it('do not open with an index or a storage of another registry, and nothing is changed', async () => {
    await using places = await open()
    await used(places)
    await using other = await createRegistry({ driver: await places.second.driver(), index: await places.second.index() })
    await pushImage(other, 'a', 'tag', ['{}', 'other'])
    await other.settled()
    const driver = await places.first.driver()
    const before = await everything(driver)
    expect(await errorOf(createRegistry({ driver, index: await places.second.index() }))).toMatchObject({ code: 'CONFIG' })
    expect(await everything(driver)).toEqual(before)
  })

  it('do not open any more once another index was filled from the storage', async () => {
    await using places = await open()
    await used(places)
    const rebuilt = await createRegistry({ driver: await places.first.driver(), index: await places.second.index(), exclusive: true })
    await rebuilt.rebuild!.report
    await rebuilt.close()
    const driver = await places.first.driver()
    expect(await errorOf(createRegistry({ driver, index: await places.first.index() }))).toMatchObject({ code: 'CONFIG' })
    expect(await start(driver, await places.second.index())).toContain('schemaVersion')
  })

  it('do not open when the index has no repositories, and the storage has some and no registry.json', async () => {
    await using places = await open()
    await used(places)
    await used({ ...places, first: places.second }, 'nothing')
    const driver = await places.first.driver()
    await driver.delete(['registry.json'])
    const before = await everything(driver)
    expect(await errorOf(createRegistry({ driver, index: await places.second.index() }))).toMatchObject({ code: 'CONFIG' })
    expect(await everything(driver)).toEqual(before)
  })

  it('do not open when the index has repositories and the storage is empty', async () => {
    await using places = await open()
    await used(places)
    const empty = await places.second.driver()
    expect(await errorOf(createRegistry({ driver: empty, index: await places.first.index() }))).toMatchObject({ code: 'CONFIG' })
    expect(await everything(empty)).toEqual({})
  })

  it.each(['nothing', 'blob'] as const)('are bound again when the index has no repositories and registry.json is gone (%s)', async (work) => {
    await using places = await open()
    await used(places, work)
    const driver = await places.first.driver()
    const before = await everything(driver)
    await driver.delete(['registry.json'])
    await using registry = await createRegistry({ driver, index: await places.first.index() })
    expect(await everything(await places.first.driver())).toEqual(before)
    await registry.settled()
  })

  it('are bound by the index first: a start that died before the storage was marked is done again', async () => {
    await using places = await open()
    const driver = await places.first.driver()
    const index = await places.first.index()
    const failing: Driver = { ...driver, put: () => Promise.reject(new Error('power')), list: () => driver.list() }
    expect(await errorOf(createRegistry({ driver: failing, index }))).toMatchObject({ code: 'INTERNAL' })
    const [row] = await index.get([{ partition: 'system', sort: 'owner' }])
    await using registry = await createRegistry({ driver, index })
    await registry.settled()
    expect(JSON.parse((await everything(await places.first.driver()))['registry.json']!)).toMatchObject({ index: (row?.value as { id: string }).id })
  })

  it('are bound once by two who start at the same time', async () => {
    await using places = await open()
    const faults = new Faults()
    const commit = faults.hold('commit', /^put system /)
    const one = createRegistry({ driver: await places.first.driver(), index: faults.index(await places.first.index()) })
    await commit.reached
    await using second = await createRegistry({ driver: await places.first.driver(), index: await places.first.index() })
    commit.release()
    await using first = await one
    await second.check()
    const { manifest } = await pushImage(first, 'a', 'tag', ['{}'])
    expect(await readManifest(second, 'a', 'tag')).toBe(manifest.toString())
    expect(await start(await places.first.driver(), await places.first.index())).toBe(manifest.toString())
  })

  it.each([
    ['a later layout', { layout: 2 }, 'CONFIG'],
    ['no layout', { layout: undefined }, 'CORRUPT'],
    ['nothing in it', 'null', 'CORRUPT'],
    ['no JSON', '{"layout":', 'CORRUPT'],
  ])('do not open when registry.json has %s', async (_, content, code) => {
    await using places = await open()
    await used(places)
    const driver = await places.first.driver()
    const record = JSON.parse((await everything(driver))['registry.json']!) as object
    const text = typeof content === 'string' ? content : JSON.stringify({ ...record, ...content })
    await driver.put('registry.json', body(text))
    const index = await places.first.index()
    expect(await errorOf(createRegistry({ driver, index }))).toMatchObject({ code })
    expect((await everything(driver))['registry.json']).toBe(text)
  })

  it('are found to belong together as long as they do', async () => {
    await using places = await open()
    const driver = await places.first.driver()
    await using registry = await createRegistry({ driver: await places.first.driver(), index: await places.first.index() })
    await registry.check()
    await driver.put('registry.json', body(JSON.stringify({ layout: 1, index: 'another' })))
    expect(await errorOf(registry.check())).toMatchObject({ code: 'CONFIG' })
    await driver.delete(['registry.json'])
    expect(await errorOf(registry.check())).toMatchObject({ code: 'CONFIG' })
  })

  it('are closed with the registry', async () => {
    await using places = await open()
    const driver = await places.first.driver()
    const index = await places.first.index()
    const registry = await createRegistry({ driver, index })
    await registry.close()
    await registry.close()
    await expect(driver.head('x')).rejects.toMatchObject({ code: 'CLOSED' })
    await expect(index.get([])).rejects.toMatchObject({ code: 'CLOSED' })
    expect(await errorOf(registry.uploads.start('a'))).toMatchObject({ code: 'CLOSED' })
  })
})
