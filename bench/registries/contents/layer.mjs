import { createCipheriv, createHash } from 'node:crypto'

const largest = 100_000_000
/** As docker sends them. */
const chunkBytes = 32 * 1024
const idBytes = 16

/** What nothing can compress, the same in each process. All layers share it behind their first bytes. */
const filling = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(largest))
const framedFillings = new Map()

/**
 * A layer that no other is equal to, made without a copy of its bytes.
 *
 * @param id - up to 16 characters that make it different
 * @returns its digest and size, its bytes as they are (`parts`), and in chunks of HTTP (`chunks`)
 */
export function makeLayer(size, id) {
  const first = Buffer.from(id.padEnd(idBytes))
  const rest = filling.subarray(idBytes, size)
  return {
    size,
    digest: `sha256:${createHash('sha256').update(first).update(rest).digest('hex')}`,
    parts: [first, rest],
    chunks: [chunkHead(Math.min(chunkBytes, size)), first, framedFilling(size)],
  }
}

/** A blob of bytes that there are. */
export function makeBlob(bytes) {
  return { size: bytes.length, digest: digestOf(bytes), parts: [bytes], chunks: [chunkHead(bytes.length), bytes, Buffer.from('\r\n0\r\n\r\n')] }
}

export function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** All that follows the first bytes of a layer. */
function framedFilling(size) {
  const known = framedFillings.get(size)
  if (known) return known
  const frames = [filling.subarray(idBytes, Math.min(chunkBytes, size))]
  for (let at = chunkBytes; at < size; at += chunkBytes) {
    const chunk = filling.subarray(at, Math.min(at + chunkBytes, size))
    frames.push(Buffer.from('\r\n'), chunkHead(chunk.length), chunk)
  }
  const framed = Buffer.concat([...frames, Buffer.from('\r\n0\r\n\r\n')])
  framedFillings.set(size, framed)
  return framed
}

function chunkHead(length) {
  return Buffer.from(`${length.toString(16)}\r\n`)
}
