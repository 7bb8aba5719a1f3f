import type { Body } from './driver.js'
import { RegistryError } from './errors.js'

/** What {@link checkedBody} holds a body to. */
export interface BodyLimits {
  /** Bytes that it is to have. */
  readonly size?: number | undefined
  /** Bytes that it may have at the most. */
  readonly objectBytes?: number | undefined
  /** Ends the body with `signal.reason`. Default: nothing does. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The same bytes, for a driver to store: the body throws `SIZE_MISMATCH` or `LIMIT_EXCEEDED` as soon as it is certain,
 * and `signal.reason` as soon as the signal is aborted, also while the source keeps it waiting.
 */
export async function* checkedBody(source: Body, { size, objectBytes = Infinity, signal }: BodyLimits): AsyncGenerator<Uint8Array, void> {
  const tooLarge = (): RegistryError => new RegistryError('LIMIT_EXCEEDED', `the body has more than ${objectBytes} bytes, the limit of one object`)
  if (size !== undefined && size > objectBytes) throw tooLarge()
  let bytes = 0
  for await (const chunk of abortable(source, signal)) {
    bytes += chunk.byteLength
    if (size !== undefined && bytes > size) throw new RegistryError('SIZE_MISMATCH', `the body has more than the declared ${size} bytes`)
    if (bytes > objectBytes) throw tooLarge()
    yield chunk
  }
  if (size !== undefined && bytes < size) throw new RegistryError('SIZE_MISMATCH', `the body has ${bytes} bytes, declared were ${size}`)
}

/** The same items, until the signal is aborted: then `signal.reason` is thrown at once, whatever the source is waiting for. */
export function abortable<Item>(source: AsyncIterable<Item>, signal: AbortSignal | undefined): AsyncIterable<Item> {
  return signal === undefined ? source : untilAborted(source, signal)
}

async function* untilAborted<Item>(source: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item, void> {
  signal.throwIfAborted()
  const iterator = source[Symbol.asyncIterator]()
  // One listener for the whole body, and no long-lived promise in a race: that would keep every chunk's reaction.
  let interrupt: ((reason: unknown) => void) | undefined
  const onAbort = (): void => interrupt?.(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  let ended = false
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<Item, unknown>>((resolve, reject) => {
        interrupt = reject
        iterator.next().then(resolve, reject)
      })
      if (next.done === true) {
        ended = true
        return
      }
      signal.throwIfAborted()
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    // A source that hangs would make this wait for ever; it is told to end, and not waited for.
    if (!ended) iterator.return?.().catch(() => undefined)
  }
}
