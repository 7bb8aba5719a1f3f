import { expect } from 'vitest'
import type { TestServer } from '../../support/test-server.js'

/** Where the next page is. The header has the form of RFC 8288, which followed RFC 5988, or is not there. */
export function nextOf(response: Response): string | undefined {
  const link = response.headers.get('link')
  if (link === null) return undefined
  expect(link).toMatch(/^<[^<>\s]+>; rel="next"$/)
  return link.slice(1, link.indexOf('>'))
}

/** The bodies of a list's pages, from the first to the one that leads no further. */
export async function pagesOf<Page>({ url, send }: TestServer, path: string): Promise<readonly Page[]> {
  const pages: Page[] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const response: Response = await send('GET', next)
    expect(response.status).toBe(200)
    pages.push((await response.json()) as Page)
    const link = nextOf(response)
    const target: URL | undefined = link === undefined ? undefined : new URL(link, new URL(next, url))
    next = target && `${target.pathname}${target.search}`
  }
  return pages
}
