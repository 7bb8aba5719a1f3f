import type { Body } from '@registry/core'

const gathered = 256 * 1024

/**
 * The same bytes in chunks of 256 KiB and more, so that a body of small chunks does not cost a system call for each.
 * A chunk is gone when the next one is asked for, as those of the body itself are.
 */
export async function* gather(body: Body): AsyncGenerator<Uint8Array, void> {
  let buffer: Buffer | undefined
  let filled = 0
  for await (const chunk of body) {
    if (filled + chunk.byteLength > gathered && filled > 0 && buffer) {
      yield buffer.subarray(0, filled)
      filled = 0
    }
    if (chunk.byteLength >= gathered) {
      yield chunk
      continue
    }
    buffer ??= Buffer.allocUnsafeSlow(gathered)
    buffer.set(chunk, filled)
    filled += chunk.byteLength
  }
  if (buffer && filled > 0) yield buffer.subarray(0, filled)
}
