import type { CallOptions } from './driver.js'
import { RegistryError } from './errors.js'

/** One call of a method, while it lasts. */
export interface Call {
  /** Aborted when the caller aborts, when what it calls is closed, or by {@link Call.abort}; its reason is what the call rejects with. */
  readonly signal: AbortSignal
  /** Aborts `signal` with this reason. */
  abort(reason: unknown): void
  /** Lets go of the caller's signal. */
  end(): void
}

/** The calls of one driver or index, which end when it is closed. */
export interface Calls {
  /** @throws `CLOSED`, or the signal's reason */
  begin(operation: string, options: CallOptions): Call
  /** The work of a call, which a close waits for. It settles as `work` does, also when the signal is aborted: `work` hands {@link Call.signal} on. */
  run<Value>(operation: string, options: CallOptions, work: (call: Call) => Promise<Value>): Promise<Value>
  /** Work that nobody waits for but a close. It is to end soon when its signal is aborted. */
  behind(work: (signal: AbortSignal) => Promise<void>): void
  /** Ends every call, and resolves when their work has come to its end. */
  close(): Promise<void>
}

/**
 * Keeps the calls of a driver or index whose work goes on elsewhere: a close ends them all, and waits for them.
 *
 * @param driver - its name
 * @param what - what is closed, such as `the S3 driver of bucket images`
 */
export function callsOf(driver: string, what: string): Calls {
  const underWay = new Set<Promise<unknown>>()
  const open = new Set<(reason: unknown) => void>()
  let isClosed = false
  const closedError = (operation?: string): RegistryError =>
    new RegistryError('CLOSED', `${what} was closed`, { driver, operation })

  const track = async <Value>(work: Promise<Value>): Promise<Value> => {
    underWay.add(work)
    try {
      return await work
    } finally {
      underWay.delete(work)
    }
  }

  const begin = (operation: string, { signal }: CallOptions): Call => {
    if (isClosed) throw closedError(operation)
    signal?.throwIfAborted()
    const controller = new AbortController()
    const abort = (reason: unknown): void => {
      controller.abort(reason)
    }
    const onAbort = (): void => {
      abort(signal?.reason)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    open.add(abort)
    return {
      signal: controller.signal,
      abort,
      end() {
        open.delete(abort)
        signal?.removeEventListener('abort', onAbort)
      },
    }
  }

  const run = async <Value>(operation: string, options: CallOptions, work: (call: Call) => Promise<Value>): Promise<Value> => {
    const call = begin(operation, options)
    try {
      return await track(work(call))
    } finally {
      call.end()
    }
  }

  return {
    begin,
    run,
    behind(work) {
      run('', {}, ({ signal }) => work(signal)).catch(() => undefined)
    },
    async close() {
      if (!isClosed) {
        isClosed = true
        for (const abort of open) abort(closedError())
      }
      await Promise.allSettled(underWay)
    },
  }
}
