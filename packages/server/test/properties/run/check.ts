import { randomInt } from 'node:crypto'
import fc from 'fast-check'

/** The seed that every run of the tests begins with. */
export const fixedSeed = 1

/** `FC_SEED`, or a new one. */
export function chosenSeed(): number {
  const text = process.env['FC_SEED'] ?? ''
  return text === '' ? randomInt(2 ** 31) : Number(text)
}

/** `FC_RUNS`, or the default. */
export function chosenRuns(otherwise: number): number {
  const text = process.env['FC_RUNS'] ?? ''
  return text === '' ? otherwise : Number(text)
}

export interface CheckOptions {
  readonly seed: number
  readonly runs: number
}

/** Looks for a value that `check` rejects, and for a small one; tells how to come back to it. `FC_PATH` goes there at once. */
export async function checkAll<Value>(values: fc.Arbitrary<Value>, { seed, runs }: CheckOptions, check: (value: Value) => Promise<void>): Promise<void> {
  const path = process.env['FC_SEED'] === String(seed) ? (process.env['FC_PATH'] ?? '') : ''
  const property = fc.asyncProperty(values, boundedShrinking(check))
  const details = await fc.check(property, { seed, numRuns: runs, ...(path !== '' && { path }) })
  if (!details.failed) return
  const reason = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance)
  const value = JSON.stringify(details.counterexample?.[0])
  throw new Error(`${reason}\n(FC_SEED=${seed} FC_PATH=${details.counterexamplePath ?? ''} does it again; as a fixed case: ${value})`, { cause: details.errorInstance })
}

/**
 * Looks for something smaller for a while only: what is found by then is small enough, and somebody waits for it.
 * `FC_SHRINK_MS`, or the default.
 */
const shrinkingMilliseconds = Number(process.env['FC_SHRINK_MS'] ?? 15_000)

function boundedShrinking<Value>(check: (value: Value) => Promise<void>): (value: Value) => Promise<void> {
  let deadline = Infinity
  return async (value) => {
    if (performance.now() > deadline) return
    try {
      await check(value)
    } catch (error) {
      deadline = Math.min(deadline, performance.now() + shrinkingMilliseconds)
      throw error
    }
  }
}
