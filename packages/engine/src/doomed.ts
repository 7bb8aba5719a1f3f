import type { CallOptions } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { scanRows } from './row-store.js'

/**
 * Generations of manifests of the repository that were deleted and whose traces are not swept yet. Normally none.
 * Whoever lists traces reads them first and this second: a manifest that is deleted in between counts as deleted.
 */
export async function doomedGenerations({ index }: Pick<Context, 'index'>, repository: string, options?: CallOptions): Promise<ReadonlySet<string>> {
  const generations = new Set<string>()
  for await (const { sort } of scanRows(index, rowKeys.doomed(repository), options)) generations.add(sort)
  return generations
}
