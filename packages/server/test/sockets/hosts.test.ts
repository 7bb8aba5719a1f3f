import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { randomBlob } from '../support/test-server.js'
import { emptyIndex, pushManifest, subjectOf } from './support/manifests.js'
import { answerTo } from './support/raw-client.js'

const evil = 'evil.example.com'
const forged = [
  `Host: ${evil}`, `X-Forwarded-Host: ${evil}`, `X-Forwarded-Proto: ${evil}`, `X-Forwarded-For: ${evil}`, `X-Forwarded-Port: ${evil}`, `X-Forwarded-Prefix: /${evil}`, `X-Forwarded-Server: ${evil}`,
  `Forwarded: for=${evil};host=${evil};proto=https`, `X-Original-URL: /${evil}`, `X-Rewrite-URL: /${evil}`, `X-Host: ${evil}`, `Origin: https://${evil}`, `Referer: https://${evil}/`, `X-Request-Id: ${evil}`, `Request-Id: ${evil}`,
].join('\r\n')

onEachPair('what a request says of its host', (start) => {
  it.each([
    ['the default', {}], ['a public URL', { publicUrl: 'https://registry.example.org' }], ['allowed origins', { allowedOrigins: ['https://ui.example.org'] }],
  ])('comes back in no answer, with %s [S7]', async (_, options) => {
    const server = await start({ ...options, limits: { pageEntries: 1, referrersBytes: 1 } })
    const [subject, blob] = [emptyIndex(), randomBlob(10)]
    for (const name of ['a', 'b']) await pushManifest(server, name, `${subject.digest}?tag=v1&tag=v2`, subject)
    for (const n of [1, 2]) await pushManifest(server, 'a', `r${n}`, emptyIndex({ ...subjectOf(subject), n }))
    const { id } = await server.registry.uploads.start('a')
    const requests: readonly (readonly [request: string, body?: string])[] = [
      ['GET /v2/'], ['GET /v2'], ['OPTIONS /v2/'], ['POST /v2/a/blobs/uploads/'], [`PATCH /v2/a/blobs/uploads/${id}`, 'x'], [`GET /v2/a/blobs/uploads/${id}`], [`PUT /v2/a/blobs/uploads/${id}?digest=${blob.digest}`, 'x'],
      [`POST /v2/a/blobs/uploads/?digest=${blob.digest}`, blob.bytes.toString('latin1')], [`GET /v2/a/blobs/${blob.digest}`], [`POST /v2/b/blobs/uploads/?mount=${blob.digest}&from=a`], ['PUT /v2/a/manifests/v3', '{}'],
      ['GET /v2/a/manifests/v1'], ['GET /v2/a/tags/list'], ['GET /v2/_catalog'], [`GET /v2/a/referrers/${subject.digest}`], ['GET /v2/A/tags/list'], ['GET /nothing'], ['DELETE /v2/'], ['GET /v2//a'], ['GET /v2/%zz/tags/list'],
      ['GET /livez'], ['GET /readyz'], ['HEAD /v2/a/manifests/v1'], ['DELETE /v2/a/manifests/v2'],
    ]
    for (const [request, body = ''] of requests) {
      const answer = await answerTo(server.port, Buffer.from(`${request} HTTP/1.1\r\n${forged}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 'latin1'))
      expect(answer, request).toMatch(/^HTTP\/1\.1 \d\d\d /)
      expect(answer, request).not.toContain(evil)
      if (!('publicUrl' in options)) expect(answer, request).not.toMatch(/https?:\/\//)
    }
  })

  it.each([`http://${evil}/v2/`, `https://${evil}/v2/a/tags/list`, `http://${evil}:80/v2/a/manifests/v1`, `http://user:password@${evil}/v2/_catalog`, `//${evil}/v2/`, `/\\${evil}/v2/`, `http://${evil}`, `${evil}:443`])(
    'comes back in no answer to %s as the target [S7]',
    async (target) => {
      const server = await start({ limits: { pageEntries: 1 } })
      await pushManifest(server, 'a', `${emptyIndex().digest}?tag=v1&tag=v2`, emptyIndex())
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const answer = await answerTo(server.port, `${method} ${target} HTTP/1.1\r\nHost: ${evil}\r\nConnection: close\r\n\r\n`)
        expect(answer).toMatch(/^HTTP\/1\.1 [24]\d\d /)
        expect(answer).not.toContain(evil)
        expect(answer).not.toContain('password')
      }
    },
  )
})
