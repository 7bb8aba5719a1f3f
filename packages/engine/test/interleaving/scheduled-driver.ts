import type { Body, CallOptions, Driver, ListOptions, ObjectInfo, OpenObject, OpenOptions, PutOptions } from '@registry/core'
import { memoryDriver } from '@registry/core/memory'
import { bodyOf, readBody } from '../../src/body.js'
import { storage, type Touch } from './footprints.js'
import type { CallFacts, Scheduler } from './scheduler.js'
import type { World } from './world.js'

/** What a process sees of storage. Each call waits for the scheduler, and each step of a list. */
export function scheduledDriver(world: World, scheduler: Scheduler, process: string): Driver {
  const driver = memoryDriver({ storage: world.objects })
  return {
    contract: 1,
    name: driver.name,
    capabilities: driver.capabilities,
    head: (key: string, options?: CallOptions) => scheduler.call(process, factsOf('head', 'read', key), async () => {
        const info = await driver.head(key, options)
        await world.twin?.head(key, info?.size)
        return info
      }),
    open: (key: string, options?: OpenOptions): Promise<OpenObject> =>
      scheduler.call(process, factsOf('open', 'read', key), async () => {
        await world.twin?.read(key, world.objects.get(key)?.bytes)
        return driver.open(key, options)
      }),
    async put(key: string, body: Body, options?: PutOptions): Promise<{ readonly size: number }> {
      const bytes = await readBody(body)
      return scheduler.call(process, factsOf('put', 'write', key), async () => {
        const stored = await driver.put(key, bodyOf(bytes), options)
        world.objects.set(key, { bytes, modified: new Date(world.now) })
        world.wrote(process, key)
        await world.twin?.put(key, bytes)
        return stored
      })
    },
    delete: (keys: readonly string[], options?: CallOptions) =>
      scheduler.call(process, factsOf('delete', 'write', ...keys), async () => {
        await driver.delete(keys, options)
        for (const key of keys) world.removed(key)
        await world.twin?.delete(keys)
      }),
    async *list(options?: ListOptions): AsyncGenerator<ObjectInfo, void> {
      const items = driver.list(options)[Symbol.asyncIterator]()
      for (;;) {
        const facts: CallFacts = { kind: 'read', label: `list ${options?.prefix ?? ''}`, touches: [{ place: storage, item: '*', writes: false }] }
        const next = await scheduler.call(process, facts, () => items.next())
        if (next.done === true) return
        yield next.value
      }
    },
    close: () => driver.close(),
  }
}

function factsOf(operation: string, kind: 'read' | 'write', ...keys: readonly string[]): CallFacts {
  const touches = keys.map((item): Touch => ({ place: storage, item, writes: kind === 'write' }))
  return { kind, label: `${operation} ${keys.join(' ')}`, touches }
}
