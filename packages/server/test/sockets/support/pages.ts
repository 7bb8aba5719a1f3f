import { expect } from 'vitest'
import type { TestServer } from '../../support/test-server.js'

/** A page of a list, as JSON, and how large it was. */
export interface Page<Content> {
  readonly content: Content
  readonly bytes: number
  readonly link: string | null
}

/** Every page of a list, each found by the `Link` of the one before. */
export async function pagesOf<Content>({ send }: Pick<TestServer, 'send'>, path: string): Promise<readonly Page<Content>[]> {
  const pages: Page<Content>[] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const response: Response = await send('GET', next)
    expect(response.status, next).toBe(200)
    const text: string = await response.text()
    const link: string | null = response.headers.get('link')
    pages.push({ content: JSON.parse(text) as Content, bytes: Buffer.byteLength(text), link })
    next = link === null ? undefined : /^<(\/[^>]*)>; rel="next"$/.exec(link)?.[1] ?? `no page: ${link}`
  }
  return pages
}
