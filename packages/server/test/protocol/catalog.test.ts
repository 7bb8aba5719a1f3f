import { expect, it } from 'vitest'
import { emptyIndex, pushManifest } from '../sockets/support/manifests.js'
import { pagesOf } from '../sockets/support/pages.js'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, pushBlob, randomBlob } from '../support/test-server.js'

interface Catalog {
  readonly repositories: readonly string[]
}

const names = ['0', 'a', 'a-b', 'a.b', 'a/b', 'a/b/c', 'a0', 'a_b', 'b', 'library/alpine', 'z']

onEachPair('_catalog', (start) => {
  it('lists repositories in byte order, in pages that lead to the next [P32]', async () => {
    const server = await start()
    for (const name of names.toReversed()) await pushManifest(server, name, 'v1', emptyIndex())
    const first = await server.send('GET', '/v2/_catalog?n=5')
    expect([await first.json(), first.headers.get('link')]).toEqual([{ repositories: names.slice(0, 5) }, '</v2/_catalog?n=5&last=a%2Fb>; rel="next"'])
    for (const n of [1, 3, 10, 11, 12]) {
      const pages = await pagesOf<Catalog>(server, `/v2/_catalog?n=${n}`)
      expect(pages.flatMap(({ content }) => content.repositories)).toEqual(names)
      expect(pages).toHaveLength(Math.ceil(names.length / n))
    }
    const behind = await server.send('GET', '/v2/_catalog?last=a%2Fb%2Fa')
    expect([await behind.json(), behind.headers.get('link')]).toEqual([{ repositories: names.slice(5) }, null])
  })

  it('takes any n that is a number, 0 for an empty page, and refuses what is none [P32]', async () => {
    const server = await start()
    expect(await (await server.send('GET', '/v2/_catalog')).json()).toEqual({ repositories: [] })
    await pushManifest(server, 'a', 'v1', emptyIndex())
    for (const n of ['1', '2147483648', '999999999999999']) {
      const response = await server.send('GET', `/v2/_catalog?n=${n}`)
      expect([response.status, await response.json(), response.headers.get('link')], n).toEqual([200, { repositories: ['a'] }, null])
    }
    const none = await server.send('GET', '/v2/_catalog?n=0')
    expect([await none.json(), none.headers.get('link')]).toEqual([{ repositories: [] }, null])
    for (const n of ['-1', '1e99', 'x', '']) {
      const response = await server.send('GET', `/v2/_catalog?n=${n}`)
      expect([response.status, await errorCodes(response)], n).toEqual([400, ['PAGINATION_NUMBER_INVALID']])
    }
    for (const last of ['%00', '%ED%A0%80', '%zz', 'z'.repeat(20_000)]) {
      expect((await server.send('GET', `/v2/_catalog?last=${last}`)).status, last.slice(0, 9)).toBe(200)
    }
  })

  it('has as many entries on a page as the operator says, also where n is missing or larger [P32]', async () => {
    const server = await start({ limits: { pageEntries: 4 } })
    for (const name of names) await pushManifest(server, name, 'v1', emptyIndex())
    for (const query of ['', '?n=5', '?n=2147483648']) {
      const pages = await pagesOf<Catalog>(server, `/v2/_catalog${query}`)
      expect(pages.map(({ content }) => content.repositories), query).toEqual([names.slice(0, 4), names.slice(4, 8), names.slice(8)])
    }
  })

  it('has a repository from its first manifest on until it is deleted [P33]', async () => {
    const server = await start()
    const list = async (): Promise<unknown> => (await server.send('GET', '/v2/_catalog')).json()
    await pushBlob(server, 'a', randomBlob())
    expect(await list()).toEqual({ repositories: [] })
    const manifest = emptyIndex()
    await pushManifest(server, 'a', 'v1', manifest)
    await server.send('DELETE', `/v2/a/manifests/${manifest.digest}`)
    expect(await list()).toEqual({ repositories: ['a'] })
    await server.registry.repositories.delete('a')
    expect(await list()).toEqual({ repositories: [] })
  })
})
