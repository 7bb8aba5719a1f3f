import { RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { emptyIndex, pushManifest } from '../sockets/support/manifests.js'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, startTestServer, type TestServer } from '../support/test-server.js'

interface Answer {
  readonly query: string
  readonly num_results: number
  readonly num_pages: number
  readonly page: number
  readonly page_size: number
  readonly results: readonly { readonly name: string; readonly description: string }[]
  readonly more?: true
  readonly switched_off?: string
}

/** Names with what their images say of themselves, in no order. */
const images: Readonly<Record<string, string>> = {
  'zoo/alpine-like': '',
  'busybox': 'Smaller than ALPINE',
  'alpine': 'A small base image',
  'team/alpine': '',
  'alpine-extra': 'More of it',
  'other': 'Nothing of the kind',
  'alpine/edge': '',
  'a/go': 'A compiler',
  '0/alpinist': 'Größe and Ｗｉｄｔｈ',
}

async function search({ send }: TestServer, query: string): Promise<Answer> {
  const response = await send('GET', `/v1/search${query}`)
  expect([response.status, response.headers.get('content-type')], query).toEqual([200, 'application/json'])
  return (await response.json()) as Answer
}

const namesOf = ({ results }: Answer): readonly string[] => results.map(({ name }) => name)

async function pushImages(server: TestServer, described: Readonly<Record<string, string>> = images): Promise<void> {
  for (const [name, description] of Object.entries(described)) {
    await pushManifest(server, name, 'v1', emptyIndex(description === '' ? {} : { annotations: { 'org.opencontainers.image.description': description } }))
  }
  await server.registry.settled()
}

onEachPair('search', (start, pair) => {
  it('answers as the classic registry did, with what docker and podman read beside it [P45]', async () => {
    const server = await start()
    await pushImages(server)
    expect(await search(server, '?q=alpine&n=2')).toEqual({
      query: 'alpine',
      num_results: 6,
      num_pages: 3,
      page: 1,
      page_size: 2,
      results: [
        { name: 'alpine', description: 'A small base image', star_count: 0, is_official: false, is_automated: false },
        { name: 'alpine-extra', description: 'More of it', star_count: 0, is_official: false, is_automated: false },
      ],
    })
    const head = await server.send('HEAD', '/v1/search?q=alpine&n=2')
    const length = (await (await server.send('GET', '/v1/search?q=alpine&n=2')).arrayBuffer()).byteLength
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(length), ''])
  })

  it('has the exact name first, then names that begin with the term, then names and then descriptions that have it [P45]', async () => {
    const server = await start()
    await pushImages(server)
    const ranked = ['alpine', 'alpine-extra', 'alpine/edge', 'team/alpine', 'zoo/alpine-like', 'busybox']
    expect(namesOf(await search(server, '?q=alpine'))).toEqual(ranked)
    expect(namesOf(await search(server, '?q=ALPine'))).toEqual(ranked)
    expect(namesOf(await search(server, '?q=team/alpine'))).toEqual(['team/alpine'])
    expect(namesOf(await search(server, '?q=small+alpine'))).toEqual(['alpine', 'busybox'])
    expect(namesOf(await search(server, '?q=go'))).toEqual(['a/go'])
    for (const text of ['gröss', 'GRÖSSE', 'größe', 'width']) expect(namesOf(await search(server, `?q=${encodeURIComponent(text)}`)), text).toEqual(['0/alpinist'])
    expect(await search(server, '?q=nowhere')).toEqual({ query: 'nowhere', num_results: 0, num_pages: 0, page: 1, page_size: 25, results: [] })
  })

  it('lists all repositories by name where nothing is asked for, page by page, and beyond the end nothing [P45]', async () => {
    const server = await start()
    expect(await search(server, '')).toMatchObject({ query: '', num_results: 0, results: [] })
    await pushImages(server)
    const all = Object.keys(images).toSorted()
    for (const query of ['', '?q=', '?q=%20', '?n=1000', '?n=99999999999999999999']) expect(namesOf(await search(server, query)), query).toEqual(all)
    for (const n of [1, 2, 4, 8, 9, 10]) {
      const pages = await Promise.all(Array.from({ length: Math.ceil(all.length / n) }, (_, page) => search(server, `?n=${n}&page=${page + 1}`)))
      expect(pages.flatMap(namesOf), String(n)).toEqual(all)
      expect(new Set(pages.map(({ num_results, num_pages }) => `${num_results}/${num_pages}`)), String(n)).toEqual(new Set([`9/${pages.length}`]))
    }
    for (const page of ['3', '1000000', '9'.repeat(30)]) expect(await search(server, `?n=5&page=${page}`)).toMatchObject({ num_results: 9, num_pages: 2, results: [] })
    expect(await search(server, '?n=5000&page=1')).toMatchObject({ page_size: 1000, page: 1, num_pages: 1 })
  })

  it('says that there are more than it has ranked, and gives those that it has, whatever their pages [P45]', async () => {
    const server = await start()
    const names = Array.from({ length: Math.min(pair.many, 1010) }, (_, n) => `team/${String(n).padStart(4, '0')}`)
    const atOnce = 20
    for (let n = 0; n < names.length; n += atOnce) await Promise.all(names.slice(n, n + atOnce).map((name) => pushManifest(server, name, 'v1', emptyIndex())))
    const answer = await search(server, '?q=eam&n=1000')
    expect(namesOf(answer)).toEqual(names.slice(0, 1000))
    expect([answer.num_results, answer.more]).toEqual(names.length > 1000 ? [1000, true] : [names.length, undefined])
    expect(namesOf(await search(server, '?q=eam&n=50&page=3'))).toEqual(names.slice(100, 150))
    const behind = await search(server, '?q=team&n=1000&page=2')
    expect([namesOf(behind), behind.more]).toEqual([names.slice(1000), undefined])
  }, 60_000)

  it('has what is pushed, described and deleted, and only what is there [P45]', async () => {
    const server = await start()
    await pushImages(server, { a: 'First words', b: '' })
    const all = async (): Promise<unknown> => (await search(server, '')).results.map(({ name, description }) => [name, description])
    expect(await all()).toEqual([['a', 'First words'], ['b', '']])
    await pushImages(server, { a: 'Second words' })
    expect(await all()).toEqual([['a', 'Second words'], ['b', '']])
    await server.registry.repositories.describe('b', 'Words of an operator')
    expect(namesOf(await search(server, '?q=operator'))).toEqual(['b'])
    await server.send('DELETE', '/v2/a/manifests/v1')
    await server.registry.settled()
    expect(namesOf(await search(server, '?q=words'))).toEqual(['b'])
    await server.registry.repositories.delete('b')
    expect(await all()).toEqual([['a', '']])
    expect(await search(server, '?q=b')).toMatchObject({ num_results: 0, results: [] })
  })

  it('refuses numbers that are none and a text that is too long, and takes any other text for itself [P45]', async () => {
    const server = await start()
    await pushImages(server)
    for (const query of ['n=0', 'n=-1', 'n=x', 'n=', 'n=1.5', 'page=0', 'page=-1', 'page=x', 'page=']) {
      const response = await server.send('GET', `/v1/search?q=a&${query}`)
      expect([response.status, await errorCodes(response)], query).toEqual([400, ['PAGINATION_NUMBER_INVALID']])
    }
    const long = await server.send('GET', `/v1/search?q=${'x'.repeat(1001)}`)
    expect([long.status, await long.json()]).toEqual([400, { errors: [{ code: 'UNSUPPORTED', message: expect.stringMatching(/"q" has at most 1000 characters/) as string }] }])
    expect(await search(server, `?q=${'x'.repeat(1000)}`)).toMatchObject({ num_results: 0 })
    for (const text of ['%00', '%FF', '%25', '%22', "'", '*', '_', '%ED%A0%80', '%zz', '%5C', 'a%00b', '%28', 'NOT+x', '__proto__']) {
      const response = await server.send('GET', `/v1/search?q=${text}`)
      expect([response.status, ((await response.json()) as Answer).results], text).toEqual([200, []])
    }
    expect(namesOf(await search(server, '?q=-'))).toEqual(['alpine-extra', 'zoo/alpine-like'])
  })

  it('is empty where it is switched off, and says so [P46]', async () => {
    const server = await start({ policy: { search: false } })
    await pushImages(server)
    expect(await search(server, '?q=alpine&n=5&page=2')).toEqual({
      query: 'alpine', num_results: 0, num_pages: 0, page: 2, page_size: 5, results: [], switched_off: 'search is switched off',
    })
    for (const path of ['/_ping', '/v1/_ping']) expect((await server.send('GET', path)).status).toBe(200)
  })
})

describe('search', () => {
  it('is empty where the index does not search, and any other failure is one [P46]', async () => {
    const server = await startTestServer()
    const fail = (error: Error): void => {
      Object.assign(server.registry.repositories, { search: () => Promise.reject(error) })
    }
    fail(new RegistryError('UNSUPPORTED', 'the index x does not search'))
    expect(await search(server, '?q=a')).toMatchObject({ num_results: 0, results: [], switched_off: 'the index x does not search' })
    fail(new RegistryError('UNAVAILABLE', 'the index is made anew', { detail: { reason: 'REBUILDING' } }))
    const response = await server.send('GET', '/v1/search?q=a')
    expect([response.status, response.headers.get('retry-after'), await errorCodes(response)]).toEqual([503, '5', ['UNAVAILABLE']])
    fail(new RegistryError('INTERNAL', 'broken'))
    expect((await server.send('GET', '/v1/search?q=a')).status).toBe(500)
  })
})
