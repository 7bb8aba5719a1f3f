import type { CallOptions } from '@registry/core'
import type { Context } from './context.js'
import { rowKeys } from './keyspace.js'
import { scanRows } from './row-store.js'

/** Traces of manifests, and the generations of those that are dead. */
export interface Traces<Page> {
  readonly page: Page
  readonly dead: ReadonlySet<string>
}

/**
 * Reads traces of manifests, some of which may be of manifests that were deleted and whose traces are not swept yet; normally none are.
 *
 * It looks which ones these are before and after: a sweep that ends in between has taken the mark of a manifest away whose traces were read;
 * and a manifest that is deleted in between counts as deleted.
 */
export async function readTraces<Page>(context: Pick<Context, 'index'>, repository: string, read: () => Promise<Page>, options?: CallOptions): Promise<Traces<Page>> {
  const before = await doomedGenerations(context, repository, options)
  const page = await read()
  const after = await doomedGenerations(context, repository, options)
  return { page, dead: new Set([...before, ...after]) }
}

async function doomedGenerations({ index }: Pick<Context, 'index'>, repository: string, options?: CallOptions): Promise<readonly string[]> {
  const generations: string[] = []
  for await (const { sort } of scanRows(index, rowKeys.doomed(repository), options)) generations.push(sort)
  return generations
}
