import type { ConformanceCase, Deviation, Harness } from './conformance-case.js'
import { assertDeviations, mustFail } from './deviations.js'
import { runCase } from './run-case.js'

/** How a suite is put into the test runner of the caller: vitest, `node:test`, jest. */
export interface SuiteOptions<Store> {
  /** Stands in the titles. */
  readonly name: string
  /** Is called once for each case; what it gives is destroyed when the case has ended. */
  readonly harness: Harness<Store>
  /** Cases that this store is known to fail. */
  readonly deviations?: readonly Deviation[]
  /** Of the test runner: groups the cases. */
  readonly describe: (title: string, body: () => void) => unknown
  /** Of the test runner: one case. */
  readonly it: (title: string, body: () => Promise<void>) => unknown
}

/** Registers one test for each case. */
export function registerSuite<Store extends { readonly capabilities: object; close(): Promise<void> }>(
  contract: string,
  cases: readonly ConformanceCase<Store>[],
  { name, harness, deviations = [], describe, it }: SuiteOptions<Store>,
): void {
  assertDeviations(deviations, cases)
  describe(`${contract} conformance: ${name}`, () => {
    for (const testCase of cases) {
      const deviation = deviations.find(({ id }) => id === testCase.id)
      if (deviation) it(`${testCase.id} deviates: ${deviation.reason}`, () => runCase(testCase, harness, mustFail(deviation)))
      else it(`${testCase.id}: ${testCase.clause}`, () => runCase(testCase, harness))
    }
  })
}
