import { expect, it } from 'vitest'
import { emptyIndex, indexType, pushManifest, subjectOf } from '../sockets/support/manifests.js'
import { pagesOf } from '../sockets/support/pages.js'
import { onEachPair } from '../support/on-each-pair.js'
import { blobOf, errorCodes, imageManifest, imageType, pushBlob, type TestBlob, type TestServer } from '../support/test-server.js'

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
  readonly artifactType?: string
  readonly annotations?: Readonly<Record<string, string>>
}

interface Referrers {
  readonly schemaVersion: number
  readonly mediaType: string
  readonly manifests: readonly Descriptor[]
}

const subject = emptyIndex({ annotations: { is: 'the subject' } })
const path = `/v2/a/referrers/${subject.digest}`
const mostBytes = 4 * 1024 * 1024

async function referrers({ send }: TestServer, query = ''): Promise<readonly Descriptor[]> {
  const response = await send('GET', path + query)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, indexType])
  const { manifests, ...rest } = (await response.json()) as Referrers
  expect(rest).toEqual({ schemaVersion: 2, mediaType: indexType })
  return manifests
}

/** Pushes indexes that refer to the subject. */
async function pushReferrers(server: TestServer, each: readonly object[]): Promise<readonly TestBlob[]> {
  const manifests = each.map((more) => emptyIndex({ ...subjectOf(subject), ...more }))
  for (const manifest of manifests) await pushManifest(server, 'a', manifest.digest, manifest)
  return manifests
}

/** Digests in the order of lists. */
function digestsOf(manifests: readonly { readonly digest: string }[]): readonly string[] {
  return manifests.map(({ digest }) => digest).sort()
}

const numbered = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, n) => ({ artifactType: `application/x.type+${n % 2}`, annotations: { n: String(n) } }))

onEachPair('referrers', (start) => {
  it('are never 404, and a digest that is none is 400 [P36]', async () => {
    const server = await start()
    const nothing = { schemaVersion: 2, mediaType: indexType, manifests: [] }
    const ask = async (): Promise<void> => {
      for (const digest of [subject.digest, `sha512:${'0'.repeat(128)}`, subject.digest.replace(':', '%3A')]) {
        for (const query of ['', '?artifactType=x', `?last=${subject.digest}`]) {
          const response = await server.send('GET', `/v2/a/referrers/${digest}${query}`)
          expect([response.status, response.headers.get('content-type'), await response.json(), response.headers.get('link')]).toEqual([200, indexType, nothing, null])
        }
      }
      const head = await server.send('HEAD', path)
      expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, indexType, ''])
    }
    await ask()
    await pushManifest(server, 'a', 'v1', subject)
    await ask()
    for (const bad of ['sha256:zz', 'v1', 'md5:00', `${subject.digest}0`]) {
      const response = await server.send('GET', `/v2/a/referrers/${bad}`)
      expect([response.status, await errorCodes(response)], bad).toEqual([400, ['DIGEST_INVALID']])
    }
    expect((await server.send('GET', `${path}?last=v1`)).status).toBe(400)
  })

  it('come with artifact type, that of its config for an image, none for an index without one, and annotations [P36]', async () => {
    const server = await start()
    const config = blobOf('{}')
    await pushBlob(server, 'a', config)
    const [plain, typed] = [{}, { artifactType: 'application/x.own', annotations: { 'org.example.a': 'b', é: '€ \n "' } }].map((more) =>
      imageManifest(config, [], { ...subjectOf(subject), ...more }))
    for (const image of [plain!, typed!]) await pushManifest(server, 'a', image.digest, image, imageType)
    const [bare, named] = await pushReferrers(server, [{ annotations: {} }, { artifactType: 'application/x.index' }])
    const about = (mediaType: string, { digest, bytes }: TestBlob, more: object): object => ({ mediaType, digest, size: bytes.length, ...more })
    const expected = [
      about(imageType, plain!, { artifactType: 'application/vnd.oci.image.config.v1+json' }),
      about(imageType, typed!, { artifactType: 'application/x.own', annotations: { 'org.example.a': 'b', é: '€ \n "' } }),
      about(indexType, bare!, { annotations: {} }),
      about(indexType, named!, { artifactType: 'application/x.index' }),
    ] as readonly Descriptor[]
    expect(await referrers(server)).toEqual(expected.toSorted((a, b) => (a.digest < b.digest ? -1 : 1)))
  })

  it('come in pages that lead to the next, and are filtered in every one of them [P36]', async () => {
    const server = await start({ limits: { referrersBytes: 600 } })
    const manifests = await pushReferrers(server, numbered(9))
    const pages = await pagesOf<Referrers>(server, path)
    expect(pages.flatMap(({ content }) => content.manifests.map(({ digest }) => digest))).toEqual(digestsOf(manifests))
    expect(pages.length).toBeGreaterThan(2)
    for (const { bytes } of pages) expect(bytes).toBeLessThan(600 + 100)

    const unfiltered = await server.send('GET', path)
    expect(unfiltered.headers.get('oci-filters-applied')).toBeNull()
    const type = 'application/x.type+1'
    const filtered = await pagesOf<Referrers>(server, `${path}?artifactType=${encodeURIComponent(type)}`)
    expect(filtered.flatMap(({ content }) => content.manifests.map(({ digest }) => digest))).toEqual(digestsOf(manifests.filter((_, n) => n % 2 === 1)))
    expect(filtered.length).toBeGreaterThan(1)
    expect(filtered[0]!.link).toContain(`artifactType=${encodeURIComponent(type)}&last=sha256%3A`)
    for (let next: string | undefined = `${path}?artifactType=${encodeURIComponent(type)}`; next !== undefined; ) {
      const response: Response = await server.send('GET', next)
      expect(response.headers.get('oci-filters-applied')).toBe('artifactType')
      await response.arrayBuffer()
      next = /<(.*)>/.exec(response.headers.get('link') ?? '')?.[1]
    }
    for (const type of ['application/x.none', '', '__proto__']) expect(await referrers(server, `?artifactType=${type}`)).toEqual([])
  })

  it('come one on a page where none fits, and with annotations that no row of an index has room for [P36]', async () => {
    const server = await start({ limits: { referrersBytes: 1 } })
    const annotations = { large: 'é"\\'.repeat(90_000), small: 'x' }
    const [large] = await pushReferrers(server, [{ annotations, artifactType: 'application/x.large' }, {}, {}])
    await pushReferrers(server, numbered(2))
    const pages = await pagesOf<Referrers>(server, path)
    expect(pages.map(({ content }) => content.manifests.length)).toEqual([1, 1, 1, 1])
    const found = pages.flatMap(({ content }) => content.manifests).find(({ digest }) => digest === large!.digest)
    expect(found).toEqual({ mediaType: indexType, digest: large!.digest, size: large!.bytes.length, artifactType: 'application/x.large', annotations })
    expect((await server.send('DELETE', `/v2/a/manifests/${large!.digest}`)).status).toBe(202)
    expect((await pagesOf<Referrers>(server, path)).flatMap(({ content }) => digestsOf(content.manifests))).not.toContain(large!.digest)
  })

  it('come in pages below 4 MiB [P36]', async () => {
    const server = await start()
    const manifests = await pushReferrers(server, Array.from({ length: 5 }, (_, n) => ({ annotations: { [n]: 'x'.repeat(1_500_000) } })))
    const pages = await pagesOf<Referrers>(server, path)
    expect(pages.map(({ content }) => content.manifests.length)).toEqual([2, 2, 1])
    for (const { bytes } of pages) expect(bytes).toBeLessThan(mostBytes)
    expect(pages.flatMap(({ content }) => digestsOf(content.manifests))).toEqual(digestsOf(manifests))
  })

  it('that are larger by themselves than a page have one of their own [P36]', async () => {
    const server = await start()
    const text = (filling: number): string => `{"schemaVersion":2,"manifests":[],"subject":{"mediaType":"","digest":"${subject.digest}","size":0},"annotations":{"":"${'x'.repeat(filling)}"}}`
    const large = blobOf(text(mostBytes - text(0).length))
    expect(large.bytes).toHaveLength(mostBytes)
    await pushManifest(server, 'a', large.digest, large)
    const [small] = await pushReferrers(server, numbered(1))
    const pages = await pagesOf<Referrers>(server, path)
    expect(pages.map(({ content }) => digestsOf(content.manifests))).toEqual([large.digest, small!.digest].sort().map((digest) => [digest]))
  })

  it('have every manifest with a subject, once, also one that a client wrote into a fallback tag as well [P36]', async () => {
    const server = await start()
    const fallback = subject.digest.replace(':', '-')
    const [first, second] = await pushReferrers(server, numbered(2))
    await pushManifest(server, 'a', fallback, emptyIndex({ manifests: [first!, second!].map(({ digest, bytes }) => ({ mediaType: indexType, digest, size: bytes.length })) }))
    expect((await referrers(server)).map(({ digest }) => digest)).toEqual(digestsOf([first!, second!]))
    await pushManifest(server, 'a', fallback, first!)
    for (const tag of ['x', 'y']) await pushManifest(server, 'a', tag, first!)
    expect((await referrers(server)).map(({ digest }) => digest)).toEqual(digestsOf([first!, second!]))
    await server.send('DELETE', `/v2/a/manifests/${fallback}`)
    expect((await referrers(server)).map(({ digest }) => digest)).toEqual(digestsOf([first!, second!]))
  })

  it('are listed when their subject is deleted, and are gone at once when they are deleted themselves [P35]', async () => {
    const server = await start()
    await pushManifest(server, 'a', 'v1', subject)
    const [kept, deleted] = await pushReferrers(server, numbered(2))
    await server.send('DELETE', `/v2/a/manifests/${subject.digest}`)
    expect((await referrers(server)).map(({ digest }) => digest)).toEqual(digestsOf([kept!, deleted!]))
    await server.send('DELETE', `/v2/a/manifests/${deleted!.digest}`)
    expect((await referrers(server)).map(({ digest }) => digest)).toEqual([kept!.digest])
    await pushManifest(server, 'a', 'again', deleted!)
    expect((await referrers(server)).map(({ digest }) => digest)).toEqual(digestsOf([kept!, deleted!]))
    await server.send('DELETE', `/v2/a/manifests/${kept!.digest}`)
    await server.registry.settled()
    expect((await referrers(server)).map(({ digest }) => digest)).toEqual([deleted!.digest])
  })

  it('are those of their own repository [S2]', async () => {
    const server = await start()
    await pushReferrers(server, numbered(1))
    expect(await (await server.send('GET', path.replace('/a/', '/b/'))).json()).toMatchObject({ manifests: [] })
  })
})
