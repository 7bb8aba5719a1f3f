import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'

export const mebibyte: number = 2 ** 20

/** A mebibyte, of which large bodies consist: a counter, so that bytes in a wrong place are not those that belong there. */
const block = Buffer.from(Uint32Array.from({ length: mebibyte / 4 }, (_, counter) => counter).buffer)
const twoBlocks = Buffer.concat([block, block])

/** The digest of so many blocks. */
export function digestOfBlocks(blocks: number): string {
  const hash = createHash('sha256')
  for (let n = 0; n < blocks; n++) hash.update(block)
  return `sha256:${hash.digest('hex')}`
}

const agent = new Agent({ keepAlive: true })

/** Sends a request with so many blocks as its body, which does not tell its length. Resolves with the answer, whose own body was read. */
export async function sendBlocks(method: 'PATCH' | 'POST' | 'PUT', url: URL, blocks: number): Promise<IncomingMessage> {
  const headers = blocks === 0 ? { 'content-length': 0 } : { 'content-type': 'application/octet-stream' }
  const sent = request(url, { method, agent, headers })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  for (let n = 0; n < blocks; n++) {
    if (!sent.write(block)) await Promise.race([once(sent, 'drain'), answered])
  }
  sent.end()
  const [answer] = await answered
  await answer.resume().toArray()
  return answer
}

export interface ReadBlocks {
  readonly status: number | undefined
  readonly size: number
  /** Whether every byte is the one that belongs in its place. */
  readonly isRight: boolean
}

/** Reads blocks from a URL, without those bytes that come before `start`. */
export async function readBlocks(url: URL, start = 0): Promise<ReadBlocks> {
  const sent = request(url, { agent, headers: start === 0 ? {} : { range: `bytes=${start}-` } })
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  let size = 0
  let isRight = true
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const place = (start + size) % mebibyte
    isRight &&= chunk.equals(twoBlocks.subarray(place, place + chunk.length))
    size += chunk.length
  }
  return { status: answer.statusCode, size, isRight }
}
