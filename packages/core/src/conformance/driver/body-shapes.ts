import { nextTurn } from './bodies.js'

/** One of the ways in which a source may hand over its bytes. */
export interface BodyShape {
  readonly words: string
  body(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array, void>
}

/** Everything that the contract allows a source to do with its chunks. */
export const bodyShapes: readonly BodyShape[] = [
  {
    words: 'chunks',
    async *body(bytes, chunkBytes) {
      for (const part of partsOf(bytes, chunkBytes)) {
        await nextTurn()
        yield Uint8Array.from(part)
      }
    },
  },
  {
    words: 'chunks that come without a pause',
    async *body(bytes, chunkBytes) {
      for (const part of partsOf(bytes, chunkBytes)) yield Uint8Array.from(part)
    },
  },
  {
    words: 'chunks in one buffer that is used again',
    async *body(bytes, chunkBytes) {
      const buffer = new Uint8Array(chunkBytes)
      for (const part of partsOf(bytes, chunkBytes)) {
        buffer.set(part)
        await nextTurn()
        yield buffer.subarray(0, part.byteLength)
        buffer.fill(0xff)
      }
    },
  },
  {
    words: 'chunks that are views of a larger buffer',
    async *body(bytes, chunkBytes) {
      for (const part of partsOf(bytes, chunkBytes)) {
        const buffer = new Uint8Array(part.byteLength + 20).fill(0xee)
        buffer.set(part, 7)
        await nextTurn()
        yield buffer.subarray(7, 7 + part.byteLength)
      }
    },
  },
  {
    words: 'chunks with empty ones before, between and behind them',
    async *body(bytes, chunkBytes) {
      for (const part of partsOf(bytes, chunkBytes)) {
        yield new Uint8Array()
        await nextTurn()
        yield Uint8Array.from(part)
      }
      yield new Uint8Array()
    },
  },
]

function* partsOf(bytes: Uint8Array, chunkBytes: number): Generator<Uint8Array, void> {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes)
}
