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

/**
 * `size` bytes that are made on the way, however many: nobody holds the whole of them. They are the same each time,
 * and no chunk is like another.
 */
export async function* generatedBody(size: number): AsyncGenerator<Uint8Array, void> {
  const pattern = patternBytes(64 * 1024)
  for (let start = 0; start < size; start += pattern.byteLength) {
    await nextTurn()
    const chunk = Uint8Array.from(pattern.subarray(0, size - start))
    for (let i = 0; i < Math.min(8, chunk.byteLength); i++) chunk[i] = Math.floor(start / 256 ** i)
    yield chunk
  }
}

/** `bytes`, and then `reason` is thrown. */
export async function* throwingBody(bytes: Uint8Array, reason: unknown): AsyncGenerator<Uint8Array, void> {
  yield* bodyOf(bytes)
  throw reason
}

/** A body that stops in the middle until the case lets it go on. */
export interface PausedBody {
  readonly body: Body
  /** Resolves when everything before the pause was taken. */
  readonly paused: Promise<void>
  /** Lets the rest come. */
  resume(): void
}

/** All of `bytes` but the last half, a pause, and the rest. */
export function pausedBody(bytes: Uint8Array): PausedBody {
  const middle = Math.ceil(bytes.byteLength / 2)
  const [paused, reach] = signalOf()
  const [resumed, resume] = signalOf()
  async function* halves(): AsyncGenerator<Uint8Array, void> {
    yield* bodyOf(bytes.subarray(0, middle))
    reach()
    await resumed
    yield* bodyOf(bytes.subarray(middle))
  }
  return { body: halves(), paused, resume }
}

/** The same bytes from an object that can do no more than the contract asks: an iterator without `return`. */
export function bareBody(source: AsyncIterator<Uint8Array>): Body {
  return { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }
}

function signalOf(): [Promise<void>, () => void] {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return [promise, resolve]
}

/** Lets timers, sockets and files have their turn, which promises alone do not. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
