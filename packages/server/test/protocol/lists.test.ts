import { expect, it } from 'vitest'
import { emptyIndex, pushManifest } from '../sockets/support/manifests.js'
import { pagesOf } from '../sockets/support/pages.js'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, imageType, pushBlob, pushedImage, randomBlob, startTestServer } from '../support/test-server.js'

interface Tags {
  readonly name: string
  readonly tags: readonly string[]
}

const manifest = emptyIndex()
const withTags = (tags: readonly string[]): string => `${manifest.digest}?${tags.map((tag) => `tag=${tag}`).join('&')}`

onEachPair('tags/list', (start) => {
  it('lists in byte order, in pages that lead to the next [P32]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    for (const tag of ['b', 'B', 'a', '_x', '1.0']) await pushManifest(server, 'a', tag, image, imageType)
    const all = await server.send('GET', '/v2/a/tags/list')
    expect(await all.json()).toEqual({ name: 'a', tags: ['1.0', 'B', '_x', 'a', 'b'] })
    expect(all.headers.get('link')).toBeNull()
    const first = await server.send('GET', '/v2/a/tags/list?n=2')
    expect(await first.json()).toEqual({ name: 'a', tags: ['1.0', 'B'] })
    expect(first.headers.get('link')).toBe('</v2/a/tags/list?n=2&last=B>; rel="next"')
    const last = await server.send('GET', '/v2/a/tags/list?n=3&last=B')
    expect(await last.json()).toEqual({ name: 'a', tags: ['_x', 'a', 'b'] })
    expect(last.headers.get('link')).toBeNull()
  })

  it('leads through all tags, each once, whatever the size of a page [P32]', async () => {
    const server = await start()
    const tags = ['-', '.', '_'].flatMap((sign) => ['A', 'z', '0'].map((letter) => `${letter}${sign}${letter}`)).sort()
    await pushManifest(server, 'a/b', withTags(tags.toReversed()), manifest)
    for (const n of [1, 2, 4, 8, 9, 10]) {
      const pages = await pagesOf<Tags>(server, `/v2/a/b/tags/list?n=${n}`)
      expect(pages.flatMap(({ content }) => content.tags)).toEqual(tags)
      expect(pages).toHaveLength(Math.ceil(tags.length / n))
      for (const { content } of pages) {
        expect(content.name).toBe('a/b')
        expect(content.tags.length).toBeLessThanOrEqual(n)
      }
    }
  })

  it('goes on behind a last that need not exist, whatever it is [P32]', async () => {
    const server = await start()
    await pushManifest(server, 'a', withTags(['a', 'c', 'e']), manifest)
    const cases: readonly (readonly [last: string, tags: readonly string[]])[] = [
      ['', ['a', 'c', 'e']], ['B', ['a', 'c', 'e']], ['a', ['c', 'e']], ['b', ['c', 'e']], ['d', ['e']], ['e', []], ['zzz', []],
      ['%00', ['a', 'c', 'e']], ['a%00', ['c', 'e']], ['a%2Fb', ['c', 'e']], ['%F0%9F%98%80', []], ['%ED%A0%80', []], ['%zz', ['a', 'c', 'e']], ['z'.repeat(20_000), []],
    ]
    for (const [last, tags] of cases) {
      const response = await server.send('GET', `/v2/a/tags/list?last=${last}`)
      expect([response.status, await response.json()], last.slice(0, 20)).toEqual([200, { name: 'a', tags }])
    }
  })

  it('takes any n that is a number, 0 for an empty page, and refuses what is none [P32]', async () => {
    const server = await start()
    await pushManifest(server, 'a', withTags(['v1', 'v2']), manifest)
    for (const n of ['2', '3', '2147483647', '2147483648', '4294967296', '999999999999999']) {
      const response = await server.send('GET', `/v2/a/tags/list?n=${n}`)
      expect([response.status, await response.json(), response.headers.get('link')], n).toEqual([200, { name: 'a', tags: ['v1', 'v2'] }, null])
    }
    const none = await server.send('GET', '/v2/a/tags/list?n=0')
    expect([await none.json(), none.headers.get('link')]).toEqual([{ name: 'a', tags: [] }, null])
    for (const n of ['-1', '1e99', 'x', '', '1.5', '0x10', '%201', '-2147483648', 'NaN', 'Infinity', '__proto__', '%D9%A1']) {
      const response = await server.send('GET', `/v2/a/tags/list?n=${n}`)
      expect([response.status, await errorCodes(response)], n).toEqual([400, ['PAGINATION_NUMBER_INVALID']])
    }
  })

  it('takes an n of any number of digits [P32]', async () => {
    const server = await start()
    await pushManifest(server, 'a', 'v1', manifest)
    for (const n of ['9007199254740993', '18446744073709551616', '9'.repeat(400)]) {
      const response = await server.send('GET', `/v2/a/tags/list?n=${n}`)
      expect([response.status, await response.json()], n).toEqual([200, { name: 'a', tags: ['v1'] }])
    }
  })

  it('has as many entries on a page as the operator says [P32]', async () => {
    const server = await start({ limits: { pageEntries: 2 } })
    await pushManifest(server, 'a', withTags(['a', 'b', 'c', 'd', 'e']), manifest)
    for (const query of ['', '?n=3', '?n=2147483648']) {
      const pages = await pagesOf<Tags>(server, `/v2/a/tags/list${query}`)
      expect(pages.map(({ content }) => content.tags), query).toEqual([['a', 'b'], ['c', 'd'], ['e']])
    }
  })

  it('is empty, and never null, in a repository without tags [P33]', async () => {
    const server = await start()
    const image = await pushedImage(server, 'a')
    await pushManifest(server, 'a', image.digest, image, imageType)
    expect(await (await server.send('GET', '/v2/a/tags/list')).json()).toEqual({ name: 'a', tags: [] })
  })

  it('is 404 until the first manifest, and again when the repository is deleted, not before [P33]', async () => {
    const server = await start()
    const list = async (): Promise<unknown> => {
      const response = await server.send('GET', '/v2/a/tags/list')
      return [response.status, response.status === 404 ? await errorCodes(response) : await response.json()]
    }
    const unknown = [404, ['NAME_UNKNOWN']]
    expect(await list()).toEqual(unknown)
    await server.send('POST', '/v2/a/blobs/uploads/')
    await pushBlob(server, 'a', randomBlob())
    expect(await list()).toEqual(unknown)
    await pushManifest(server, 'a', 'v1', manifest)
    expect(await list()).toEqual([200, { name: 'a', tags: ['v1'] }])
    await server.send('DELETE', `/v2/a/manifests/${manifest.digest}`)
    expect(await list()).toEqual([200, { name: 'a', tags: [] }])
    await server.registry.repositories.delete('a')
    expect(await list()).toEqual(unknown)
    await pushManifest(server, 'a/b', 'v1', manifest)
    expect(await list()).toEqual(unknown)
  })
})

it('tags/list has at most 10,000 entries on a page, also where n is missing or larger [P32]', async () => {
  const server = await startTestServer()
  const tags = Array.from({ length: 10_001 }, (_, n) => `t${String(n).padStart(5, '0')}`)
  for (let n = 0; n < tags.length; n += 256) await pushManifest(server, 'a', withTags(tags.slice(n, n + 256)), manifest)
  for (const query of ['', '?n=10001', '?n=2147483648']) {
    const pages = await pagesOf<Tags>(server, `/v2/a/tags/list${query}`)
    expect(pages.map(({ content }) => content.tags.length), query).toEqual([10_000, 1])
    expect(pages[0]!.link).toBe('</v2/a/tags/list?n=10000&last=t09999>; rel="next"')
    expect(pages.flatMap(({ content }) => content.tags)).toEqual(tags)
  }
})
