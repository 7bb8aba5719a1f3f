import { expect, it } from 'vitest'
import { fill } from '../support/fill.js'
import { faultAt, faultKinds } from './support/fault-kinds.js'
import { Stage } from './support/stage.js'
import { visible } from './support/visible.js'

/** Attempts follow each other soon. */
const policy = { ownershipCheckMilliseconds: 20 }
/** One that hangs is waited for as long. */
const requestTimeout = 300

/** Makes a registry with something of everything, takes the index away, and tells what was to be seen. */
async function bereave(stage: Stage): Promise<object> {
  await fill(stage.bench.registry)
  await stage.bench.settled()
  const before = await visible(stage, [])
  await stage.bench.loseIndex()
  return before
}

/** Waits for the rebuild of the process under test, and expects everything to be there again. */
async function expectWhole(stage: Stage, before: object): Promise<void> {
  expect(await stage.registry.rebuild?.report).toMatchObject({ problemCount: 0 })
  stage.bench.registry = stage.registry
  expect(await visible(stage, [])).toEqual(before)
}

it.each(faultKinds.filter(({ expected, only }) => expected !== 'refused' && only === undefined))('a rebuild is complete under $name', async ({ fault }) => {
  await using stage = await Stage.open({ driver: { retries: 6, requestTimeout }, policy })
  const before = await bereave(stage)
  const seen = new Set<string>()
  const isNew = (request: string): boolean => !seen.has(request) && seen.add(request).size > 0
  const injected = stage.server.inject({
    ...fault,
    times: Infinity,
    // Each object and each page once. Whose the storage is, is the start's to find out.
    matches: ({ operation, key, query }) => !key.endsWith('registry.json') && isNew(`${operation} ${key} ${query.toString()}`),
  })
  await stage.enterUnharmed()
  await expectWhole(stage, before)
  expect(injected.struck).toBeGreaterThan(10)
}, 60_000)

it.each(faultKinds.filter(({ expected, strikes }) => expected === 'refused' && strikes === 'all'))('a rebuild under $name waits for its end, and answers nobody meanwhile', async (kind) => {
  await using stage = await Stage.open({ driver: { retries: 0, requestTimeout }, policy })
  const before = await bereave(stage)
  // The start comes through, with four requests.
  const injected = stage.server.inject(faultAt(kind, 5))
  await stage.enterUnharmed()
  const { registry, bench } = stage
  await expect.poll(() => bench.backgroundErrors.map(String), { timeout: 20_000 }).toContainEqual(expect.stringContaining('the rebuild of the index was interrupted'))
  await expect(registry.tags.list('a', { limit: 1 })).rejects.toMatchObject({ code: 'UNAVAILABLE', detail: { reason: 'REBUILDING' } })
  injected.remove()
  await expectWhole(stage, before)
}, 60_000)
