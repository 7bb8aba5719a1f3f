import type { Body, Driver } from '@registry/core'
import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { answerTo, rawClient, statuses } from './support/raw-client.js'

const smuggled = 'GET /v2/smuggled/tags/list HTTP/1.1\r\nHost: x\r\n\r\n'
const length = smuggled.length

onEachPair('a request', (start) => {
  it.each([
    ['both a length and chunks', `Content-Length: ${length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['both chunks and a length', `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`],
    ['two lengths', `Content-Length: 0\r\nContent-Length: ${length}\r\n\r\n${smuggled}`],
    ['the same length twice', `Content-Length: ${length}\r\nContent-Length: ${length}\r\n\r\n${smuggled}`],
    ['a list of lengths', `Content-Length: ${length}, ${length}\r\n\r\n${smuggled}`],
    ['a negative length', `Content-Length: -1\r\n\r\n${smuggled}`],
    ['a length with a sign', `Content-Length: +${length}\r\n\r\n${smuggled}`],
    ['a hexadecimal length', `Content-Length: 0x5\r\n\r\n${smuggled}`],
    ['a length beyond all numbers', `Content-Length: ${'9'.repeat(30)}\r\n\r\n${smuggled}`],
    ['a coding that is not chunked', `Transfer-Encoding: identity\r\n\r\n${smuggled}`],
    ['chunked before another coding', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`],
    ['something like chunked', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a space before the colon', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a folded header', `Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a line that ends in CR alone', `A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a NUL in a header', `A: \u0000\r\n\r\n${smuggled}`],
  ])('with %s is refused, and its connection closed [S12]', { timeout: 5_000 }, async (_, rest) => {
    const server = await start()
    const session = (await server.registry.uploads.start('a')).id
    const client = rawClient(server.port)
    client.write(`PATCH /v2/a/blobs/uploads/${session} HTTP/1.1\r\nHost: x\r\n${rest}`)
    expect(statuses(await client.until(/\r\n\r\n/))).toEqual([400])
    const answer = await client.ended
    expect(statuses(answer)).toEqual([400])
    expect(answer).toMatch(/Connection: close/i)
    expect(answer).not.toContain('NAME_UNKNOWN')
    expect((await server.registry.uploads.status('a', session)).offset).toBe(0)
  })

  it.each(['zz', '-1', '0x5', '', ' ', '5 5', '+5', 'F'.repeat(17), '5;\u0000', '5.0', '\u0665'])('with %j for the size of a chunk is refused, and its connection closed [S12]', async (size) => {
    const server = await start()
    const session = (await server.registry.uploads.start('a')).id
    const client = rawClient(server.port)
    client.write(`PATCH /v2/a/blobs/uploads/${session} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n${size}\r\n${smuggled}`)
    const answer = await client.ended
    expect(statuses(answer)).toEqual([400])
    expect(answer).not.toContain('NAME_UNKNOWN')
    const next = await server.send('GET', `/v2/a/blobs/uploads/${session}`)
    expect(next.status).toBe(204)
  })

  it('whose header is cut in half is none, and nobody else is harmed [S12]', async () => {
    const server = await start()
    const whole = 'PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n'
    for (const end of [1, 4, 20, 36, 50, whole.length - 3, whole.length - 1]) {
      const client = rawClient(server.port)
      client.socket.end(whole.slice(0, end))
      const answer = await client.ended
      if (answer !== '') expect(statuses(answer), String(end)).toEqual([400])
    }
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })

  it('whose body is longer than it said has that much stored, and what is too much of it is no request [S12]', async () => {
    const { wrap, arrived } = watched(3)
    const server = await start({ wrap })
    const { id } = await server.registry.uploads.start('a')
    const atOnce = await answerTo(server.port, `PATCH /v2/a/blobs/uploads/${(await server.registry.uploads.start('a')).id} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcdefgh\r\n\r\n`)
    expect(statuses(atOnce).at(-1)).toBe(400)
    const client = rawClient(server.port)
    client.write(`PATCH /v2/a/blobs/uploads/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc`)
    // What nobody has begun to read goes with the connection.
    await arrived
    client.write('defgh\r\n\r\n')
    expect(statuses(await client.ended).at(-1)).toBe(400)
    await expect.poll(async () => (await server.registry.uploads.status('a', id)).offset, { timeout: 10_000 }).toBe(3)
  })
})

/** A driver that says when it has been given so many bytes of blobs. */
function watched(bytes: number): { readonly wrap: (driver: Driver) => Driver; readonly arrived: Promise<void> } {
  let resolve: () => void
  const arrived = new Promise<void>((settle) => (resolve = settle))
  let received = 0
  async function* counted(body: Body): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of body) {
      received += chunk.byteLength
      if (received >= bytes) resolve()
      yield chunk
    }
  }
  return { arrived, wrap: (driver) => ({ ...driver, put: (key, body, options) => driver.put(key, key.startsWith('blobs/') ? counted(body) : body, options) }) }
}

onEachPair('a client that leaves', (start) => {
  const ways = ['end', 'destroy', 'resetAndDestroy'] as const
  const chunks = [
    ['a length', 'Content-Length: 1000000', ''], ['chunks', 'Transfer-Encoding: chunked', 'f4240\r\n'], ['a place', 'Content-Range: 0-999999\r\nContent-Length: 1000000', ''],
  ] as const
  const cases = ways.flatMap((way) => chunks.map(([name, headers, before]) => ({ way, name, headers, before })))

  it.each(cases)('in the middle of a chunk finds what arrived: $name, by $way [P42]', async ({ way, headers, before }) => {
    const { wrap, arrived } = watched(100_000)
    const server = await start({ wrap })
    const { id } = await server.registry.uploads.start('a')
    const client = rawClient(server.port)
    client.write(`PATCH /v2/a/blobs/uploads/${id} HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n${before}${'a'.repeat(100_000)}`)
    await arrived
    client.socket[way]()
    await client.ended
    await expect.poll(async () => (await server.send('GET', `/v2/a/blobs/uploads/${id}`)).headers.get('range'), { timeout: 10_000 }).toBe('0-99999')
    const rest = await server.send('PATCH', `/v2/a/blobs/uploads/${id}`, { headers: { 'content-range': '100000-100002' }, body: 'end' })
    expect(rest.headers.get('range')).toBe('0-100002')
  })
})
