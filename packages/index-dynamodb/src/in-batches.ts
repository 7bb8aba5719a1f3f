import { RegistryError } from '@registry/core'
import pMap from 'p-map'

const batchesAtOnce = 4

/**
 * Works through `items` in batches, some at the same time. Resolves or rejects when no batch is under way any more.
 *
 * @throws what the first batch threw whose outcome is unknown, else what the first one threw that failed
 */
export async function inBatches<Item>(items: readonly Item[], size: number, work: (batch: readonly Item[]) => Promise<void>): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size))
  const failures: unknown[] = []
  const attempt = async (batch: readonly Item[]): Promise<void> => {
    if (failures.length > 0) return
    await work(batch).catch((error: unknown) => failures.push(error))
  }
  await pMap(batches, attempt, { concurrency: batchesAtOnce })
  if (failures.length > 0) throw failures.find(isUnknown) ?? failures[0]
}

function isUnknown(error: unknown): boolean {
  return RegistryError.is(error) && error.outcome === 'unknown'
}
