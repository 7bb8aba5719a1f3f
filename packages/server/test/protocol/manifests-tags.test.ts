import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { errorCodes, pushedImage, randomBlob, type TestServer } from '../support/test-server.js'
import { pushManifest } from './support/manifests.js'

async function tagsOf({ send }: TestServer): Promise<readonly string[] | undefined> {
  return ((await (await send('GET', '/v2/a/tags/list')).json()) as { tags?: readonly string[] }).tags
}

function tagged(digest: string, tags: readonly string[]): string {
  return `${digest}?${tags.map((tag) => `tag=${tag}`).join('&')}`
}

onEachPair('manifests that are pushed by digest', (start) => {
  it('have to have it [P25]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    for (const reference of [randomBlob().digest, tagged(randomBlob().digest, ['v1']), `sha512:${'0'.repeat(128)}`]) {
      const put = await pushManifest(server, reference, manifest)
      expect([put.status, await errorCodes(put)], reference).toEqual([400, ['DIGEST_INVALID']])
    }
    expect(await tagsOf(server)).toBeUndefined()
    expect((await pushManifest(server, manifest.digest, manifest)).status).toBe(201)
  })

  it.each([1, 2, 100, 256])('are led to by %i tags as well, each of which is named [P25]', async (count) => {
    const server = await start()
    const [before, manifest] = [await pushedImage(server, 'a'), await pushedImage(server, 'a')]
    const tags = Array.from({ length: count }, (_, n) => `v${String(n).padStart(3, '0')}`)
    // One of them is moved.
    await pushManifest(server, 'v000', before)
    const put = await pushManifest(server, tagged(manifest.digest, tags), manifest)
    expect(put.status).toBe(201)
    expect(put.headers.get('oci-tag')?.split(', ')).toEqual(tags)
    expect(await tagsOf(server)).toEqual(tags)
    const heads = await Promise.all(tags.map((tag) => server.send('HEAD', `/v2/a/manifests/${tag}`)))
    expect(heads.map(({ headers }) => headers.get('docker-content-digest'))).toEqual(tags.map(() => manifest.digest))
  })

  it('are refused with more than 256 tags, and none of them moves [P25]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    const put = await pushManifest(server, tagged(manifest.digest, Array.from({ length: 257 }, (_, n) => `v${n}`)), manifest)
    expect([put.status, await errorCodes(put)]).toEqual([413, ['SIZE_INVALID']])
    expect((await server.send('HEAD', `/v2/a/manifests/${manifest.digest}`)).status).toBe(404)
    expect(await tagsOf(server)).toBeUndefined()
  })

  it('name a tag once that was given twice [P25]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    const put = await pushManifest(server, tagged(manifest.digest, ['b', 'a', 'b', 'a', 'b']), manifest)
    expect([put.status, put.headers.get('oci-tag')]).toEqual([201, 'b, a'])
    expect(await tagsOf(server)).toEqual(['a', 'b'])
  })

  it('name no tag where none was given [P25]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    for (const reference of [manifest.digest, 'v1']) {
      expect((await pushManifest(server, reference, manifest)).headers.get('oci-tag')).toBeNull()
    }
  })

  it.each(['', '.', '-a', 'a b', 'a:b', 'a/b', 'é', 'x'.repeat(129), '%00', '..'])('are refused with a tag that is none: %j [P25]', async (tag) => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    const put = await pushManifest(server, tagged(manifest.digest, ['good', tag.startsWith('%') ? tag : encodeURIComponent(tag), 'other']), manifest)
    expect([put.status, await errorCodes(put)]).toEqual([400, ['TAG_INVALID']])
    expect(await tagsOf(server)).toBeUndefined()
  })

  it('alone take tags: with a push by tag they are 400 [P25]', async () => {
    const server = await start()
    const manifest = await pushedImage(server, 'a')
    for (const query of ['tag=v2', 'tag=v1', 'tag=v2&tag=v3', 'tag=']) {
      const put = await pushManifest(server, `v1?${query}`, manifest)
      expect([put.status, await errorCodes(put)], query).toEqual([400, ['TAG_INVALID']])
    }
    expect(await tagsOf(server)).toBeUndefined()
  })
})
