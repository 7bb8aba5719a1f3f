import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { answerTo } from './support/raw-client.js'

onEachPair('headers', (start) => {
  it('called __proto__, constructor and the like are headers like any other [S11]', async () => {
    const server = await start()
    const { id } = await server.registry.uploads.start('a')
    const odd = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'].map((name) => `${name}: x\r\n${name}: content-range`).join('\r\n')
    for (const [request, status] of [['GET /v2/', 200], [`PATCH /v2/a/blobs/uploads/${id}`, 202], ['POST /v2/a/blobs/uploads/', 202], ['PUT /v2/a/manifests/v1', 400], ['GET /__proto__', 404], ['GET /v2/constructor/tags/list', 404], ['GET /v2/?__proto__=x', 200]] as const) {
      const answer = await answerTo(server.port, `${request} HTTP/1.1\r\nHost: x\r\n${odd}\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc`)
      expect(answer, request).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
      expect(answer).not.toMatch(/__proto__: |constructor: /)
    }
    expect((await server.registry.uploads.status('a', id)).offset).toBe(3)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
