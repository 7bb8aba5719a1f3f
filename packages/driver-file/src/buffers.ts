/** Bytes of a buffer, and of the chunks in which objects are read and written. */
export const chunkBytes: number = 256 * 1024

const mostSpare = 16
const spare: Buffer[] = []

/**
 * A buffer that nobody else has. To make one anew for each object costs more than to read or write a small one.
 *
 * @param needed - a new one has no more bytes than that
 */
export function takeBuffer(needed: number = chunkBytes): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(Math.min(needed, chunkBytes))
}

/** Leaves a buffer to others. Nobody may be at work on its bytes any more. */
export function giveBuffer(buffer: Buffer): void {
  if (buffer.byteLength === chunkBytes && spare.length < mostSpare) spare.push(buffer)
}
