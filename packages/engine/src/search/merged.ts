import type { LiveRepository } from './live-repositories.js'

/** Repositories in the order of their names, page by page. */
export type Pages = AsyncIterator<readonly LiveRepository[], void>

/** The first repositories of several sources, in the order of their names. Of each source a page is read at once. */
export async function firstOf(sources: readonly Pages[], count: number): Promise<readonly LiveRepository[]> {
  const heads = await Promise.all(sources.map(headOf))
  const first: LiveRepository[] = []
  while (first.length < count) {
    let least: Head | undefined
    // Names are ASCII, so that the order of code units is that of bytes.
    for (const head of heads) if (head.page.length > 0 && (!least || nextOf(head).name < nextOf(least).name)) least = head
    if (!least) break
    first.push(nextOf(least))
    if (++least.at === least.page.length) Object.assign(least, await headOf(least.source))
  }
  return first
}

/** A page, and the first of it that is still to come. An empty page: there is nothing more. */
interface Head {
  readonly source: Pages
  page: readonly LiveRepository[]
  at: number
}

function nextOf({ page, at }: Head): LiveRepository {
  return page[at]!
}

async function headOf(source: Pages): Promise<Head> {
  for (;;) {
    const { value: page, done } = await source.next()
    if (done === true) return { source, page: [], at: 0 }
    if (page.length > 0) return { source, page, at: 0 }
  }
}
