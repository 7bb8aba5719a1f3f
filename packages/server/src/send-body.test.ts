import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { byteBudget } from './byte-budget.js'
import type { Exchange } from './exchange.js'
import { Reply } from './reply.js'
import { sendBody } from './send-body.js'

/** Chunks of these sizes in one buffer, which holds the next as soon as it is asked for. */
async function* reusing(sizes: readonly number[]): AsyncGenerator<Uint8Array, void> {
  const buffer = Buffer.alloc(Math.max(...sizes))
  for (const [n, size] of sizes.entries()) {
    buffer.fill(n)
    yield buffer.subarray(0, size)
  }
  buffer.fill(255)
}

it.each([
  ['small', Array<number>(200).fill(1000)],
  ['none', [0, 0]],
  ['among empty ones', [0, 100, 0, 300_000, 0, 0]],
  ['about as large as the buffer of a connection', [16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 10]],
  ['large', [300_000, 262_144, 300_000, 1, 300_000, 2_000_000, 7]],
])('sends chunks as they were when they came, though their memory is used again: %s', async (_, sizes) => {
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const server = createServer((_request, response) => {
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
    void sendBody({ reply: new Reply(response, [], byteBudget(0)), log } as unknown as Exchange, reusing(sizes), total)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const chunks: Buffer[] = []
  // Who reads slowly leaves more to the buffers on the way.
  for await (const chunk of Readable.fromWeb(answer.body as ReadableStream)) {
    chunks.push(Buffer.from(chunk as Uint8Array))
    if (chunks.length % 10 === 0) await setTimeout(1)
  }
  const expected = Buffer.concat(sizes.map((size, n) => Buffer.alloc(size, n)))
  expect(Buffer.concat(chunks).equals(expected)).toBe(true)
})

it.each([
  ['sends no byte beyond its length, and cuts the connection', 1500],
  ['cuts the connection where there are fewer bytes than its length', 2001],
])('%s', async (_, size) => {
  const errors: unknown[] = []
  const server = createServer((_request, response) => {
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: ({ err }: { readonly err: unknown }) => void errors.push(err) }
    void sendBody({ reply: new Reply(response, ['content-length', size], byteBudget(0)), log } as unknown as Exchange, reusing([1000, 1000]), size)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  await expect(fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`).then((answer) => answer.arrayBuffer())).rejects.toThrow()
  expect(errors).toMatchObject([{ code: 'CORRUPT' }])
}, 10_000)

it.each([1000, 100_000])('asks for chunks, of %i bytes, as fast as the client reads', async (size) => {
  let most = 0
  const count = 20_000_000 / size
  const server = createServer((_request, response) => {
    async function* many(): AsyncGenerator<Uint8Array, void> {
      for (let n = 0; n < count; n++) {
        most = Math.max(most, response.writableLength)
        yield Buffer.alloc(size)
      }
    }
    void sendBody({ reply: new Reply(response, [], byteBudget(0)) } as unknown as Exchange, many(), count * size)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  expect((await answer.arrayBuffer()).byteLength).toBe(20_000_000)
  expect(most).toBeLessThan(100_000)
})

it.each([1000, 300_000])('asks for no more chunks, of %i bytes, and tells why, when the client leaves', async (size) => {
  const told: string[] = []
  let asked = 0
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => (end = resolve))
  const server = createServer((_request, response) => {
    const left = once(response, 'close')
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      try {
        for (; asked < 1000; asked++) {
          if (asked === 3) await left
          yield Buffer.alloc(size)
        }
      } finally {
        end()
      }
    }
    const tell = (level: string) => (_: object, message: string) => void told.push(`${level}: ${message}`)
    const log = { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') }
    void sendBody({ reply: new Reply(response, [], byteBudget(0)), log } as unknown as Exchange, endless(), Infinity)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const request = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { agent: false })
  request.on('error', () => undefined)
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  answer.on('error', () => undefined)
  await once(answer, 'data')
  request.destroy()
  await ended
  expect(asked).toBeLessThanOrEqual(3)
  await expect.poll(() => told).toEqual(['debug: the client left in the middle of the answer'])
})
