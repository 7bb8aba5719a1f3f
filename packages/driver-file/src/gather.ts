import type { Body } from '@registry/core'

const gathered = 256 * 1024
/** Buffers for the bodies to come: the collector runs for new ones more than it takes to write a small object. */
const spare: Buffer[] = []
const mostSpare = 16

/**
 * The same bytes in chunks of 256 KiB and more, so that a body of small chunks does not cost a system call for each.
 * A chunk is gone when the next one is asked for, as those of the body itself are.
 */
export async function* gather(body: Body): AsyncGenerator<Uint8Array, void> {
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(gathered)
  let filled = 0
  try {
    for await (const chunk of body) {
      if (filled + chunk.byteLength > gathered && filled > 0) {
        yield buffer.subarray(0, filled)
        filled = 0
      }
      if (chunk.byteLength >= gathered) {
        yield chunk
        continue
      }
      buffer.set(chunk, filled)
      filled += chunk.byteLength
    }
    if (filled > 0) yield buffer.subarray(0, filled)
  } finally {
    if (spare.length < mostSpare) spare.push(buffer)
  }
}
