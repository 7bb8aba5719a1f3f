import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { contentOf } from './support/content.js'
import { preparedImage, pushManifest, putManifest } from './support/manifests.js'
import { expectAbsent, expectBlob, expectManifest } from './support/pulls.js'
import { pushContent } from './support/upload-flows.js'

onEachPair('names', (start) => {
  it('takes every name of a repository that has the form [name-form]', async () => {
    const server = await start()
    const blob = contentOf('{}')
    for (const name of ['a', '0', 'a.b', 'a_b', 'a__b', 'a---b', 'a/b/c', 'foo.bar/baz__q/x--y-z/0', 'a'.repeat(255)]) {
      await pushContent(server, name, blob)
      await expectBlob(server, name, blob)
    }
  })

  it('refuses every other name [name-form]', async () => {
    const server = await start()
    for (const name of ['A', 'a/B', '-a', 'a-', '_a', 'a_', 'a..b', 'a___b', 'a._b', 'a//b', 'a/', '/a', 'a%2Fb', 'a%20b', '%C3%A4']) {
      const response = await server.send('POST', `/v2/${name}/blobs/uploads/`)
      expect([400, 404], name).toContain(response.status)
    }
  })

  it('takes every tag that has the form [tag-form] [reference-form] [push-manifest-reference]', async () => {
    const server = await start()
    const manifest = await preparedImage(server, 'a')
    for (const tag of ['a', '_', '0', 'A.b-c_9', '_.-', 't'.repeat(128)]) {
      await pushManifest(server, 'a', manifest, tag)
      await expectManifest(server, 'a', manifest, tag)
    }
  })

  it('refuses every other tag, and has no manifest under it [tag-form] [push-manifest-reference] [reference-other]', async () => {
    const server = await start()
    const manifest = await preparedImage(server, 'a')
    for (const tag of ['.a', '-a', 't'.repeat(129), 'a%20b', 'a+b', '%C3%A4', 'a%2Fb']) {
      expect((await putManifest(server, 'a', tag, manifest)).status, tag).toBe(400)
      await expectAbsent(server, `/v2/a/manifests/${tag}`)
    }
  })

  it('answers 400 to a push to what is neither, and 400 or 404 to a pull [reference-other] [push-manifest-reference]', async () => {
    const server = await start()
    const manifest = await preparedImage(server, 'a')
    const tooShort = [`sha256:${'a'.repeat(63)}`, `sha512:${'a'.repeat(64)}`]
    for (const reference of ['sha256:baddigeststring', ...tooShort, `sha256:${'A'.repeat(64)}`, `md5:${'a'.repeat(32)}`, ':', 'a:b']) {
      expect((await putManifest(server, 'a', reference, manifest)).status, reference).toBe(400)
      for (const method of ['GET', 'HEAD']) expect([400, 404], reference).toContain((await server.send(method, `/v2/a/manifests/${reference}`)).status)
    }
  })
})
