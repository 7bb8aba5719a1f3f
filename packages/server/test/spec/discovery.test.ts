import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import type { TestServer } from '../support/test-server.js'
import { pagesOf } from './support/links.js'
import { preparedImage, pushManifest, putManifest } from './support/manifests.js'

interface TagList {
  readonly name: string
  readonly tags: readonly string[]
}

/** As Go's `sort.Strings` has them. */
const inOrder = ['0', '1', '1.0', '10', '2', 'A', 'B', 'Z', '_x', 'a', 'aa', 'b', 'z']

async function withTags(server: TestServer): Promise<void> {
  const manifest = await preparedImage(server, 'a')
  const tags = ['b', 'Z', '10', 'a', '_x', '1.0', 'A', '2', 'z', 'B', '1', 'aa', '0']
  const put = await putManifest(server, 'a', `${manifest.digest}?${tags.map((tag) => `tag=${tag}`).join('&')}`, manifest)
  expect(put.status).toBe(201)
}

async function listed({ send }: TestServer, query = ''): Promise<{ readonly list: TagList; readonly link: string | null }> {
  const response = await send('GET', `/v2/a/tags/list${query}`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  return { list: (await response.json()) as TagList, link: response.headers.get('link') }
}

onEachPair('listing tags', (start) => {
  it('lists every tag in order, as JSON with the name [tags-200] [tags-json] [tags-order]', async () => {
    const server = await start()
    await withTags(server)
    expect((await listed(server)).list).toEqual({ name: 'a', tags: inOrder })
  })

  it('lists an empty repository as empty [tags-200] [tags-json]', async () => {
    const server = await start()
    await pushManifest(server, 'a', await preparedImage(server, 'a'))
    expect((await listed(server)).list).toEqual({ name: 'a', tags: [] })
  })

  it.each([1, 5, 12, 13, 14, 1000])('lists %d tags where so many are asked for and there, in order [tags-n] [tags-n-order]', async (n) => {
    const server = await start()
    await withTags(server)
    const { list } = await listed(server, `?n=${n}`)
    expect(list).toEqual({ name: 'a', tags: inOrder.slice(0, n) })
  })

  it.each([1, 4, 13])('leads from page to page of %d tags through all of them [tags-link] [tags-n]', async (n) => {
    const server = await start()
    await withTags(server)
    const pages = await pagesOf<TagList>(server, `/v2/a/tags/list?n=${n}`)
    expect(pages.flatMap(({ tags }) => tags)).toEqual(inOrder)
    expect(pages.slice(0, -1).every(({ tags }) => tags.length === n)).toBe(true)
  })

  it('leads on where it gives fewer tags than were asked for [tags-n] [tags-link]', async () => {
    const server = await start({ limits: { pageEntries: 5 } })
    await withTags(server)
    const { list, link } = await listed(server, '?n=10')
    expect(list.tags).toEqual(inOrder.slice(0, 5))
    expect(link).not.toBeNull()
    expect((await pagesOf<TagList>(server, '/v2/a/tags/list?n=10')).flatMap(({ tags }) => tags)).toEqual(inOrder)
  })

  it('lists nothing and leads nowhere for n=0 [tags-zero] [tags-zero-link]', async () => {
    const server = await start()
    await withTags(server)
    for (const query of ['?n=0', '?n=0&last=A']) expect(await listed(server, query)).toEqual({ list: { name: 'a', tags: [] }, link: null })
  })

  it('lists what comes after a tag, which is no index even where it is a number [tags-last-tag] [tags-last-index] [tags-last-order]', async () => {
    const server = await start()
    await withTags(server)
    for (const [n, last] of inOrder.entries()) {
      const after = inOrder.slice(n + 1)
      expect((await listed(server, `?last=${last}`)).list.tags).toEqual(after)
      expect((await listed(server, `?n=3&last=${last}`)).list.tags).toEqual(after.slice(0, 3))
    }
  })
})
