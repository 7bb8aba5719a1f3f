import { expect, vi } from 'vitest'
import type { Access } from './capacity-units.js'
import { type Cost, type CostedRegistry, type Spent, unitsOf } from './costed-registry.js'
import { answer, imageOf, layerOf, pullImage, pushImage, putManifest } from './docker-client.js'

const repository = 'platform/checkout-service'

/** Does what the page says the costs of, once each, under the page's names. */
export async function spentByOperations(registry: CostedRegistry): Promise<Readonly<Record<string, Spent>>> {
  const get = (status: number, method: string, path: string) => (): Promise<unknown> => answer(registry, status, method, path)
  const layers = Array.from({ length: 8 }, (_, n) => layerOf(`layer ${n}`))
  const image = imageOf(layers)
  const next = imageOf([...layers.slice(0, 7), layerOf('another layer')])
  const [listed, listedRepository] = [imageOf([layerOf('another image')]), 'platform/builder']
  // From here on the repository is known.
  await pushImage(registry, repository, 'v1.0.0', imageOf([layerOf('first layer')]))
  await pushImage(registry, listedRepository, 'v1', listed)
  const tags = Array.from({ length: 99 }, (_, n) => `tag=v1.${n}`)
  await putManifest(registry, listedRepository, `${listed.manifest.digest}?${tags.join('&')}`, listed.manifest)
  const spent: Record<string, Spent> = {}
  const measure = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    spent[name] = await registry.spentBy(work)
  }
  await measure('a push of 8 new layers', () => pushImage(registry, repository, 'v1.1.0', image))
  await measure('the same push again', () => pushImage(registry, repository, 'v1.1.0', image))
  await measure('a push of 1 new layer on 7 that are there', () => pushImage(registry, repository, 'v1.1.1', next))
  await measure('a mount', get(201, 'POST', `/v2/platform/cart-service/blobs/uploads/?mount=${layers[0]!.digest}&from=${repository}`))
  await measure('a pull of 8 layers', () => pullImage(registry, repository, 'v1.1.0', image))
  await measure('HEAD of a tag', get(200, 'HEAD', `/v2/${repository}/manifests/v1.1.0`))
  await measure('a list of 100 tags', get(200, 'GET', `/v2/${listedRepository}/tags/list?n=100`))
  await measure('DELETE of a manifest with a tag', get(202, 'DELETE', `/v2/${repository}/manifests/${next.manifest.digest}`))
  await measure('GET of `/readyz`', get(200, 'GET', '/readyz'))
  const lease = await leaseOf(registry)
  const sweep = await registry.spentBy(() => registry.registry.sweep({ objectFolders: ['00'] }))
  return {
    ...spent,
    'the start of a process': registry.start,
    'an hour of background work': { ...sweep, cost: hourOf(sumOf([lease.taking, sweep.cost])) },
    'an hour of a process beside it': { accesses: [], cost: hourOf(lease.looking) },
  }
}

/** What it costs to look whether another process does the background work, and to be the one that does. */
async function leaseOf(registry: CostedRegistry): Promise<{ readonly looking: Cost; readonly taking: Cost }> {
  const { accesses } = await registry.spentBy(async () => {
    const worker = await registry.open({ roundMilliseconds: 1 })
    try {
      await vi.waitFor(() => {
        const puts = registry.proxy.requests.filter(({ operation }) => operation === 'PutItem')
        expect(puts.map(({ body }) => JSON.stringify(body))).toContainEqual(expect.stringContaining('"worker"'))
      }, 10_000)
    } finally {
      await worker.close()
    }
  })
  const ofLease = accesses.filter(({ partition, sort }) => partition === 'system' && sort === 'worker')
  const costOf = (kinds: readonly Access['kind'][]): Cost => {
    const first = kinds.flatMap((kind) => ofLease.find((access) => access.kind === kind) ?? [])
    return { requests: first.length, readUnits: unitsOf(first, 'read'), writeUnits: unitsOf(first, 'write'), puts: 0, gets: 0 }
  }
  return { looking: costOf(['read']), taking: costOf(['read', 'write']) }
}

/** An hour has twelve rounds, and 720 looks at whose the storage is. */
function hourOf(round: Cost): Cost {
  const { requests, readUnits, writeUnits, puts, gets } = sumOf(Array<Cost>(12).fill(round))
  return { requests, readUnits, writeUnits, puts, gets: gets + 720 }
}

function sumOf(costs: readonly Cost[]): Cost {
  const total = (name: keyof Cost): number => costs.reduce((sum, cost) => sum + cost[name], 0)
  return { requests: total('requests'), readUnits: total('readUnits'), writeUnits: total('writeUnits'), puts: total('puts'), gets: total('gets') }
}
