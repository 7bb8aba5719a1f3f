import type { Body } from '@registry/core'
import { chunkBytes, giveBuffer, takeBuffer } from './buffers.js'

/**
 * The same bytes in chunks of 256 KiB and more, so that a body of small chunks does not cost a system call for each.
 * A chunk is gone when the next one is asked for, as those of the body itself are.
 */
export async function* gather(body: Body): AsyncGenerator<Uint8Array, void> {
  const buffer = takeBuffer()
  let filled = 0
  try {
    for await (const chunk of body) {
      if (filled + chunk.byteLength > chunkBytes && filled > 0) {
        yield buffer.subarray(0, filled)
        filled = 0
      }
      if (chunk.byteLength >= chunkBytes) {
        yield chunk
        continue
      }
      buffer.set(chunk, filled)
      filled += chunk.byteLength
    }
    if (filled > 0) yield buffer.subarray(0, filled)
  } finally {
    giveBuffer(buffer)
  }
}
