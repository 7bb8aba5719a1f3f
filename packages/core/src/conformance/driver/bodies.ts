import type { Body } from '../../driver.js'

/** Bytes of which no part looks like another, so that a lost, doubled or swapped chunk shows. `seed` tells objects apart. */
export function patternBytes(size: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4))
  let state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state
  }
  return new Uint8Array(words.buffer, 0, size)
}

/** `bytes` in chunks, each of which lets other work go on before it comes, as a socket does. */
export async function* bodyOf(bytes: Uint8Array, chunkBytes: number = 64 * 1024): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    await nextTurn()
    yield Uint8Array.from(bytes.subarray(start, start + chunkBytes))
  }
}

/** All of `source`, and then `reason` is thrown. */
export async function* throwingBody(source: Body, reason: unknown): AsyncGenerator<Uint8Array, void> {
  yield* source
  throw reason
}

/** A source that aborts the put it feeds as soon as `bytes` of it were taken, and goes on as if nothing were. */
export async function* abortingBody(source: Body, bytes: number, controller: AbortController, reason: unknown): AsyncGenerator<Uint8Array, void> {
  let taken = 0
  for await (const chunk of source) {
    yield chunk
    taken += chunk.byteLength
    if (taken >= bytes) controller.abort(reason)
  }
}

/** The same bytes from an object that can do no more than the contract asks: an iterator without `return`. */
export function bareBody(source: AsyncIterator<Uint8Array>): Body {
  return { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }
}

/** Lets timers, sockets and files have their turn, which promises alone do not. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Until our clock shows another time, so that two dates are not the same by chance. */
export async function clockGoesOn(): Promise<void> {
  const now = Date.now()
  while (Date.now() <= now) await nextTurn()
}
