import type { Context } from '../context.js'
import { rowKeys } from '../keyspace.js'
import { type LiveRepository, liveRepositories } from './live-repositories.js'
import { firstOf, type Pages } from './merged.js'

const pageSize = 1000

/** The first `count` repositories whose names begin with a text, in the order of their names. */
export async function repositoriesBeginningWith(
  { index }: Pick<Context, 'index'>,
  beginning: string,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal | undefined },
): Promise<readonly LiveRepository[]> {
  const { spread } = index.capabilities.limits
  const prefix = beginning === '' ? undefined : beginning
  // Names are spread evenly: about as many of each partition are wanted.
  const limit = Math.min(Math.ceil((count / spread) * 1.25) + 8, pageSize)
  async function* pagesOf(partition: string): Pages & AsyncGenerator<readonly LiveRepository[], void> {
    let wanted = count
    for (let after: string | undefined, more = true; more && wanted > 0; ) {
      const page = await index.scan(partition, { prefix, after, limit: Math.min(wanted, limit), signal })
      const found = liveRepositories(page.entries)
      wanted -= found.length
      yield found
      after = page.entries.at(-1)?.key.sort
      more = page.more
    }
  }
  return firstOf(rowKeys.repositories(spread).map(pagesOf), count)
}
