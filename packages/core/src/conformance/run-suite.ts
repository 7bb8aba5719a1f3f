import type { ConformanceCase, Deviation, Harness } from './conformance-case.js'
import { assertDeviations, mustFail } from './deviations.js'
import { ConformanceError } from './expectations.js'
import { runCase } from './run-case.js'

/** What is tried, and how. */
export interface RunSuiteOptions<Store> {
  /** Is called once for each case; what it gives is destroyed when the case has ended. */
  readonly harness: Harness<Store>
  /** Cases that this store is known to fail. */
  readonly deviations?: readonly Deviation[]
  /** How long a case may take. Default: 60. */
  readonly seconds?: number
  /** Is told of each case before it runs. */
  readonly onStart?: (testCase: Pick<ConformanceCase<Store>, 'id' | 'clause'>) => void
}

/** What became of a case. */
export interface CaseResult {
  /** That of the case: `<method>/<what>`. */
  readonly id: string
  /** The sentence of the contract that was tried. */
  readonly clause: string
  /** A deviation that fails, as it has to, `deviates`; one that passes has failed. */
  readonly outcome: 'passed' | 'failed' | 'deviates'
  /** With the harness. */
  readonly milliseconds: number
  /** Why it failed, or the reason of the deviation. */
  readonly message: string | undefined
}

/**
 * Runs cases without a test runner, one after the other, those of a method together, and tells of each as it ends.
 * A case that takes too long has failed, and what it was doing goes on behind the next ones.
 *
 * @throws `TypeError` where a deviation names no case
 */
export async function* runSuite<Store extends { readonly capabilities: object; close(): Promise<void> }>(
  cases: readonly ConformanceCase<Store>[],
  { harness, deviations = [], seconds = 60, onStart }: RunSuiteOptions<Store>,
): AsyncGenerator<CaseResult, void, void> {
  assertDeviations(deviations, cases)
  for (const testCase of byMethod(cases)) {
    const { id, clause } = testCase
    const deviation = deviations.find((each) => each.id === id)
    onStart?.(testCase)
    const start = performance.now()
    const failure = await failureOf(runCase(testCase, harness, deviation && mustFail(deviation)), seconds)
    const milliseconds = performance.now() - start
    if (failure !== undefined) yield { id, clause, outcome: 'failed', milliseconds, message: failure }
    else yield { id, clause, outcome: deviation ? 'deviates' : 'passed', milliseconds, message: deviation?.reason }
  }
}

/** The cases of `head/…`, then those of `open/…`, in the order in which the suite begins with each. */
function byMethod<Case extends { readonly id: string }>(cases: readonly Case[]): readonly Case[] {
  const methods = new Map<string, Case[]>()
  for (const testCase of cases) {
    const method = testCase.id.slice(0, testCase.id.indexOf('/'))
    methods.set(method, [...(methods.get(method) ?? []), testCase])
  }
  return [...methods.values()].flat()
}

async function failureOf(run: Promise<void>, seconds: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const lateness = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ConformanceError(`it has not ended within ${seconds} seconds: a call hangs, or the backend is slow`))
    }, seconds * 1000)
  })
  try {
    await Promise.race([run, lateness])
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    clearTimeout(timer)
  }
}
