import type { Body } from '@registry/core'

/** The bytes of a client, to be stored in one object after another, and kept as far as they came when the client breaks off. */
export interface IncomingBody {
  /** Whether a further byte comes. Nothing is stored for a body that has none. */
  more(): Promise<boolean>
  /** The next bytes, `most` of them at the most. Ends where the client broke off, as if that were the end. */
  take(most: number): Body
  /** What the client's body threw, if it did. */
  failure(): { readonly error: unknown } | undefined
  /** Tells the source that no more is wanted. */
  end(): Promise<void>
}

export function incomingBody(source: Body, onChunk: (chunk: Uint8Array) => void): IncomingBody {
  const iterator = source[Symbol.asyncIterator]()
  let pending: Uint8Array | undefined
  let ended = false
  let failure: { readonly error: unknown } | undefined

  const more = async (): Promise<boolean> => {
    while (pending === undefined && !ended) {
      try {
        const next = await iterator.next()
        if (next.done === true) ended = true
        else if (next.value.byteLength > 0) pending = next.value
      } catch (error) {
        failure = { error }
        ended = true
      }
    }
    return pending !== undefined
  }

  return {
    more,
    async *take(most: number): AsyncGenerator<Uint8Array, void> {
      let left = most
      while (left > 0 && (await more())) {
        const chunk = pending!
        const part = chunk.subarray(0, left)
        pending = part.byteLength < chunk.byteLength ? chunk.subarray(left) : undefined
        left -= part.byteLength
        onChunk(part)
        yield part
      }
    },
    failure: () => failure,
    async end(): Promise<void> {
      if (!ended) await iterator.return?.()
    },
  }
}
