import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { type LiveRepository, liveRepositories } from './live-repositories.js'
import { firstOf, type Pages } from './merged.js'

/** Large enough that an index which reads more than it answers reads nothing twice. */
const pageSize = 1000

/** Behind every name that begins as a text does, and before every other that is behind it. */
const behindNames = '\x7f'

/**
 * The first `count` repositories that have every term in name or description, in the order of their names, but for those
 * whose names begin with `without`.
 */
export async function repositoriesMatching(
  { index }: Pick<Context, 'index'>,
  text: string,
  { without, count, signal }: { readonly without: string | undefined; readonly count: number; readonly signal: AbortSignal | undefined },
): Promise<readonly LiveRepository[]> {
  const isLeftOut = (name: string): boolean => without !== undefined && name.startsWith(without)
  async function* pagesOf(partition: string): Pages & AsyncGenerator<readonly LiveRepository[], void> {
    let wanted = count
    for (let after: string | undefined, more = true; more && wanted > 0; ) {
      const page = await index.search({ partition, text }, { after, limit: Math.min(wanted, pageSize), signal })
      const found = liveRepositories(page.entries).filter(({ name }) => !isLeftOut(name))
      wanted -= found.length
      yield found
      const last = page.entries.at(-1)?.key.sort
      // Those that are left out lie side by side: the rest of them is not read.
      after = last !== undefined && isLeftOut(last) ? `${without!}${behindNames}` : last
      more = page.more
    }
  }
  return firstOf(rowKeys.repositories(index.capabilities.limits.spread).map(pagesOf), count)
}
