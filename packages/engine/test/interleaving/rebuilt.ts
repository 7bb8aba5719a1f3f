import type { EntryPage, Index } from '@registry/core'
import { memoryDriver, memoryIndex, MemoryIndexStorage, type MemoryStorage } from '@registry/core/memory'
import { createRegistry } from '../../src/index.js'
import { observe } from './observe.js'
import type { RepositoryState } from './repository-state.js'
import type { World } from './world.js'

/** What clients see of each repository when the index is lost, and made anew from what storage holds. */
export async function rebuilt(
  { now }: Pick<World, 'now'>,
  storage: MemoryStorage,
  repositories: readonly string[],
): Promise<Readonly<Record<string, RepositoryState>>> {
  const failures: unknown[] = []
  await using registry = await createRegistry({
    driver: memoryDriver({ storage: new Map(storage) }),
    index: quickIndex(),
    exclusive: true,
    now: () => now,
    onBackgroundError: (error) => failures.push(error),
  })
  const report = await registry.rebuild?.report
  if (report && report.problemCount > 0) {
    for await (const { key, reason } of report.problems()) throw new Error(`the rebuild leaves out ${key}: ${reason}`)
  }
  const states: Record<string, RepositoryState> = {}
  for (const repository of repositories) states[repository] = await observe(registry, repository)
  if (failures.length > 0) throw new AggregateError(failures, `background work failed after the rebuild: ${failures.map(String).join('; ')}`)
  return states
}

/** A new index. To look into a partition that nothing was ever put in takes it no time: a sweep does that a thousand times. */
function quickIndex(): Index {
  const rows = new MemoryIndexStorage()
  const index = memoryIndex({ storage: rows })
  return { ...index, scan: (partition, options) => (rows.partitions.has(partition) ? index.scan(partition, options) : nothing) }
}

const nothing = Promise.resolve<EntryPage>({ entries: [], more: false })
