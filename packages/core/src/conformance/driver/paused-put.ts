import type { Body, Driver, PutOptions } from '../../driver.js'
import { ConformanceError, expectAnswer } from '../expectations.js'

/** A driver may take longer for these bytes than for a call: they may be many. */
const patienceSeconds = 30

/** A put whose body waits in the middle until the case lets it go on. */
export interface PausedPut {
  readonly answer: Promise<{ readonly size: number }>
  /** Resolves when everything before the pause was taken. */
  reached(): Promise<void>
  /** Lets the rest come. */
  resume(): void
  /** Lets the body throw, in place of the rest. */
  breakOff(reason: unknown): void
}

/** Begins a put of `source`, which pauses behind its first `bytes`. */
export function beginPut(driver: Driver, key: string, source: Body, bytes: number, options?: PutOptions): PausedPut {
  const gate: Record<'reach' | 'resume' | 'breakOff', (reason?: unknown) => void> = { reach() {}, resume() {}, breakOff() {} }
  const reached = new Promise<void>((resolve) => {
    gate.reach = () => {
      resolve()
    }
  })
  const resumed = new Promise<void>((resolve, reject) => {
    gate.resume = () => {
      resolve()
    }
    gate.breakOff = reject
  })
  async function* paused(): AsyncGenerator<Uint8Array, void> {
    let taken = 0
    for await (const chunk of source) {
      const isBefore = taken < bytes
      taken += chunk.byteLength
      yield chunk
      if (!isBefore || taken < bytes) continue
      gate.reach()
      await resumed
    }
  }
  const answer = driver.put(key, paused(), options)
  // Whoever waits for it is told; nobody may be waiting yet.
  for (const promise of [answer, resumed]) promise.catch(() => undefined)
  const early = answer.then(() => {
    throw new ConformanceError(`put of ${key}, whose body is not at its end: expected to wait for the rest, got an answer`)
  })
  early.catch(() => undefined)
  return {
    answer,
    reached: () => expectAnswer(`put of ${key}, taking the first ${bytes} bytes of its body`, Promise.race([reached, early]), patienceSeconds),
    resume: gate.resume,
    breakOff: gate.breakOff,
  }
}

/** Runs while all of the puts are at their pauses. None is left there, whatever happens. */
export async function whilePaused(puts: readonly PausedPut[], run: () => Promise<void>): Promise<void> {
  try {
    for (const put of puts) await put.reached()
    await run()
  } finally {
    for (const put of puts) put.resume()
    await Promise.allSettled(puts.map(({ answer }) => answer))
  }
}
