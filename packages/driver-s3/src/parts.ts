import type { Body } from '@registry/core'
import type { BufferBudget, Share } from './buffer-budget.js'

/** Bytes of a body, one part's worth, that are their own. */
export interface Part {
  readonly bytes: Uint8Array
  /** Whether the body has ended with it. */
  readonly isLast: boolean
  /** Lets go of the memory. `isUnused`: nothing reads the bytes any more. */
  release(isUnused: boolean): void
}

export interface PartsOptions {
  readonly partBytes: number
  /** Bytes of the whole body, where that is known. */
  readonly size: number | undefined
  readonly budget: BufferBudget
  readonly signal: AbortSignal
}

/** So much of a body is not counted: what is small never waits for what is large. */
const firstBytes = 64 * 1024

/** The body in parts of `partBytes`, the last of them shorter, and one without bytes for a body that has none. */
export async function* partsOf(body: Body, { partBytes, size = Infinity, budget, signal }: PartsOptions): AsyncGenerator<Part, void> {
  let left = size
  let part = gathering(Math.min(partBytes, left), partBytes, budget, firstBytes)
  try {
    for await (const chunk of body) {
      for (let start = 0; start < chunk.byteLength; ) {
        // Only what comes behind a part shows that it is not the last.
        if (part.isFull()) {
          left -= part.most
          const full = part
          part = gathering(Math.min(partBytes, left), partBytes, budget, partBytes)
          yield full.finish(false)
        }
        const taken = chunk.subarray(start, start + part.room())
        await part.add(taken, signal)
        start += taken.byteLength
      }
    }
    yield part.finish(true)
  } finally {
    part.drop()
  }
}

interface GatheringPart {
  readonly most: number
  isFull(): boolean
  room(): number
  add(bytes: Uint8Array, signal: AbortSignal): Promise<void>
  finish(isLast: boolean): Part
  /** Gives the memory back, unless the part was finished. */
  drop(): void
}

function gathering(most: number, partBytes: number, budget: BufferBudget, initial: number): GatheringPart {
  const share: Share = budget.share(most)
  let buffer: Buffer | undefined
  let filled = 0
  let isFinished = false

  const grow = async (needed: number, signal: AbortSignal): Promise<void> => {
    const wanted = Math.min(most, Math.max(needed, initial, 4 * (buffer?.byteLength ?? 0)))
    if (wanted > firstBytes) await share.grow(wanted, signal)
    const larger = budget.takeBuffer(wanted)
    buffer?.copy(larger, 0, 0, filled)
    buffer = larger
  }

  return {
    most,
    isFull: () => filled === most,
    room: () => most - filled,
    async add(bytes, signal) {
      if (filled + bytes.byteLength > (buffer?.byteLength ?? 0)) await grow(filled + bytes.byteLength, signal)
      buffer?.set(bytes, filled)
      filled += bytes.byteLength
    },
    finish(isLast) {
      isFinished = true
      share.fill()
      return {
        bytes: buffer?.subarray(0, filled) ?? Buffer.alloc(0),
        isLast,
        release(isUnused) {
          if (isUnused && buffer?.byteLength === partBytes) budget.giveBuffer(buffer)
          buffer = undefined
          share.release()
        },
      }
    },
    drop() {
      if (!isFinished) share.release()
    },
  }
}
