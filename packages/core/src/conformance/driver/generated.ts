import type { Body } from '../../driver.js'
import { expectBytes, expectEqual } from '../expectations.js'
import { nextTurn, patternBytes } from './bodies.js'

/** An object of any size. Its bytes are made where they are looked at, so that a case never holds the whole of them. */
export interface GeneratedObject {
  readonly size: number
  /** The bytes from `start` to `end`. */
  slice(start: number, end: number): Uint8Array
  /** The same bytes in chunks, each of which lets other work go on before it comes. Default: all of them. */
  body(start?: number, end?: number): AsyncGenerator<Uint8Array, void>
}

const blockBytes = 64 * 1024

/** An object of which no block is like another, not even in a part. `seed` tells objects apart. */
export function generatedObject(size: number, seed = 1): GeneratedObject {
  const pattern = patternBytes(blockBytes, seed)
  const slice = (start: number, end: number): Uint8Array => {
    if (start % blockBytes === 0 && end - start === blockBytes) return block(pattern, start / blockBytes)
    const bytes = new Uint8Array(Math.max(0, end - start))
    for (let at = start - (start % blockBytes); at < end; at += blockBytes) {
      const [first, last] = [Math.max(start, at), Math.min(end, at + blockBytes)]
      bytes.set(block(pattern, at / blockBytes).subarray(first - at, last - at), first - start)
    }
    return bytes
  }
  return {
    size,
    slice,
    async *body(start = 0, end = size) {
      for (let at = start; at < end; at += blockBytes) {
        await nextTurn()
        yield slice(at, Math.min(end, at + blockBytes))
      }
    },
  }
}

/** `body` has the bytes of the object from `start` to `end`, and no more. */
export async function expectGenerated(what: string, body: Body, object: GeneratedObject, start = 0, end: number = object.size): Promise<void> {
  let at = start
  for await (const chunk of body) {
    expectBytes(`${what}, from byte ${at} on`, chunk, object.slice(Math.min(end, at), Math.min(end, at + chunk.byteLength)))
    at += chunk.byteLength
  }
  expectEqual(`length of ${what}`, at - start, end - start)
}

function block(pattern: Uint8Array, index: number): Uint8Array {
  const words = new Uint32Array(pattern.buffer).slice()
  const mask = Math.imul(index + 1, 0x9e3779b1)
  for (let i = 0; i < words.length; i++) words[i]! ^= mask
  return new Uint8Array(words.buffer)
}
