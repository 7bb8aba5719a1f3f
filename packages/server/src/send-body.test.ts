import { once } from 'node:events'
import { createServer } from 'node:http'
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
  ['about as large as the buffer of a connection', [16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 10]],
  ['large', [300_000, 262_144, 300_000, 1, 300_000, 2_000_000, 7]],
])('sends chunks as they were when they came, though their memory is used again: %s', async (_, sizes) => {
  const server = createServer((_request, response) => {
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
    void sendBody({ reply: new Reply(response, [], byteBudget(0)), log } as unknown as Exchange, reusing(sizes))
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
