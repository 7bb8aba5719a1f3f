import { RegistryError, searchTerms } from '@registry/core'
import type { Context } from '../context.js'
import type { FoundRepositories, SearchRepositoriesOptions } from '../repositories.js'
import { descriptionOf } from '../repository-row.js'
import { repositoriesBeginningWith } from './beginning-with.js'
import type { LiveRepository } from './live-repositories.js'
import { repositoriesMatching } from './matching.js'

/** How many matches are known and ranked, however small a page is. */
const rankedMatches = 1000
/** How far pages lead. Who wants to know every name of a larger registry lists them. */
const deepest = 100_000

/**
 * Names that begin with the one term come first, and by name: the exact one is the first of them. They are read in their order, as far
 * as a page needs. Of the others so many are ranked as fit in the window, again by name.
 */
export async function searchRepositories(
  context: Pick<Context, 'index' | 'policy'>,
  text: string,
  { limit, skip = 0, signal }: SearchRepositoriesOptions,
): Promise<FoundRepositories> {
  requireSearch(context)
  const terms = searchTerms(text)
  const beginning = beginningOf(terms)
  const most = Math.min(Math.max(skip + limit, rankedMatches), deepest)
  const beginnings = beginning === undefined ? [] : await repositoriesBeginningWith(context, beginning, { count: most + 1, signal })
  const hasRoom = beginning !== '' && beginnings.length <= most
  const others = hasRoom ? await repositoriesMatching(context, terms.join(' '), { without: beginning, count: rankedMatches + 1, signal }) : []
  const known = [...beginnings.slice(0, most), ...ranked(others.slice(0, rankedMatches), terms)]
  return {
    repositories: known.slice(skip, skip + limit).map(({ name, row }) => ({ name, description: descriptionOf(row) })),
    found: known.length,
    more: beginnings.length > most || others.length > rankedMatches,
  }
}

function requireSearch({ index, policy }: Pick<Context, 'index' | 'policy'>): void {
  if (!policy.search) throw new RegistryError('DISABLED', 'search is switched off')
  if (!index.capabilities.search) throw new RegistryError('UNSUPPORTED', `the index ${index.name} does not search`)
}

/** What the names begin with that come first; `undefined` where no name can. */
function beginningOf(terms: readonly string[]): string | undefined {
  const [term = '', ...others] = terms
  return others.length === 0 && /^[a-z0-9._/-]*$/.test(term) ? term : undefined
}

/** Those that have every term in their names before those that have one in their descriptions only. */
function ranked(repositories: readonly LiveRepository[], terms: readonly string[]): readonly LiveRepository[] {
  const isInName = ({ name }: LiveRepository): boolean => terms.every((term) => name.includes(term))
  return [...repositories.filter(isInName), ...repositories.filter((repository) => !isInName(repository))]
}
