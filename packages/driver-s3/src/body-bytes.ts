import type { Readable } from 'node:stream'
import { RegistryError } from '@registry/core'
import { messageOf, type S3Call } from './errors.js'
import type { Settings } from './settings.js'

/**
 * The bytes of an answer, `expected` of them or an error. Only the store's silence counts as such: a slow reader may take its time.
 */
export async function* bytesOf(
  stream: Readable,
  expected: number,
  settings: Settings,
  about: S3Call,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const failed = (code: 'UNAVAILABLE' | 'CORRUPT', reason: string, cause?: unknown): RegistryError =>
    new RegistryError(code, `${about.operation} ${about.key ?? ''} in bucket ${settings.bucket}: ${reason}`, { driver: 's3', ...about, cause })
  const silence = watchSilence(settings.requestTimeout, () => {
    stream.destroy(failed('UNAVAILABLE', `the store sent nothing for ${settings.requestTimeout} ms behind byte ${got}`))
  })
  let got = 0
  try {
    for (const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, unknown>; ; ) {
      silence.begin()
      const next = await chunks.next()
      silence.end()
      if (next.done === true) break
      got += next.value.byteLength
      yield next.value
    }
  } catch (error) {
    if (RegistryError.is(error)) throw error
    signal.throwIfAborted()
    throw failed('UNAVAILABLE', `the connection broke behind byte ${got} of ${expected}: ${messageOf(error)}`, error)
  } finally {
    silence.stop()
    stream.destroy()
  }
  if (got !== expected) throw failed('CORRUPT', `the body has ${got} bytes, announced were ${expected}`)
}

interface Silence {
  begin(): void
  end(): void
  stop(): void
}

/** One timer for a whole body: it is late by a quarter at the most. */
function watchSilence(limit: number, tooLong: () => void): Silence {
  let since: number | undefined
  const timer = setInterval(() => {
    if (since !== undefined && performance.now() - since > limit) tooLong()
  }, Math.ceil(limit / 4))
  timer.unref()
  return {
    begin() {
      since = performance.now()
    },
    end() {
      since = undefined
    },
    stop() {
      clearInterval(timer)
    },
  }
}
