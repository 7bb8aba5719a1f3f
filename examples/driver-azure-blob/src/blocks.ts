import type { Body } from '@registry/core'

/** The same bytes in blocks of `blockBytes` each but the last, copied. An empty body has one empty block. */
export async function* blocksOf(body: Body, blockBytes: number): AsyncGenerator<Uint8Array, void> {
  let block = Buffer.alloc(0)
  let length = 0
  let yielded = false
  for await (const chunk of body) {
    for (let taken = 0; taken < chunk.length;) {
      const next = chunk.subarray(taken, taken + blockBytes - length)
      block = withRoom(block, length, next.length, blockBytes)
      block.set(next, length)
      length += next.length
      taken += next.length
      if (length < blockBytes) continue
      yield block
      yielded = true
      block = Buffer.alloc(0)
      length = 0
    }
  }
  if (length > 0 || !yielded) yield block.subarray(0, length)
}

function withRoom(block: Buffer<ArrayBuffer>, length: number, more: number, blockBytes: number): Buffer<ArrayBuffer> {
  if (length + more <= block.length) return block
  const larger = Buffer.alloc(Math.min(blockBytes, Math.max(2 * block.length, length + more, 65_536)))
  larger.set(block.subarray(0, length))
  return larger
}
