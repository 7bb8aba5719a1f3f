import { expect, it } from 'vitest'
import { type CaseResult, type ConformanceCase, type Harness, runSuite, type RunSuiteOptions } from '../src/conformance/index.js'

interface Store {
  readonly capabilities: object
  close(): Promise<void>
}

const harness: Harness<Store> = async () => ({ open: async () => ({ capabilities: {}, close: async () => {} }), destroy: async () => {} })
const caseOf = (id: string, run: () => Promise<void> = async () => {}): ConformanceCase<Store> => ({ id, clause: `The clause of ${id}.`, run })
const failing = (id: string): ConformanceCase<Store> => caseOf(id, () => Promise.reject(new Error('expected 1')))

async function resultsOf(cases: readonly ConformanceCase<Store>[], options: Partial<RunSuiteOptions<Store>> = {}): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  for await (const result of runSuite(cases, { harness, ...options })) results.push(result)
  return results
}

it('tells of each case what became of it, and goes on behind one that failed', async () => {
  const results = await resultsOf([caseOf('a/one'), failing('a/two'), caseOf('a/three')])
  expect(results.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['a/one passed', 'a/two failed', 'a/three passed'])
  expect(results[0]).toEqual({ id: 'a/one', clause: 'The clause of a/one.', outcome: 'passed', milliseconds: expect.any(Number) as number, message: undefined })
  expect(results[1]?.message).toBe('a/two: expected no error, got Error (expected 1); the clause is: The clause of a/two.')
})

it('runs the cases of a method together, methods in the order in which they begin', async () => {
  const results = await resultsOf(['b/one', 'a/one', 'b/two', 'c/one', 'a/two'].map((id) => caseOf(id)))
  expect(results.map(({ id }) => id)).toEqual(['b/one', 'b/two', 'a/one', 'a/two', 'c/one'])
})

it('tells of each case as it ends, and begins the next one when it is asked for', async () => {
  const begun: string[] = []
  const noted = (id: string): ConformanceCase<Store> => caseOf(id, async () => void begun.push(id))
  const suite = runSuite([noted('a/one'), noted('a/two')], { harness })
  await suite.next()
  expect(begun).toEqual(['a/one'])
  await suite.return()
  expect(begun).toEqual(['a/one'])
})

it('has a deviation deviate while it fails, and fail when it passes', async () => {
  const deviations = ['a/one', 'a/two'].map((id) => ({ id, reason: 'not yet' }))
  const results = await resultsOf([failing('a/one'), caseOf('a/two')], { deviations })
  expect(results.map(({ outcome, message }) => [outcome, message])).toEqual([
    ['deviates', 'not yet'],
    ['failed', 'a/two passes now: take it out of the deviations'],
  ])
  await expect(resultsOf([caseOf('a/one')], { deviations })).rejects.toThrow(new TypeError('no such case: a/two'))
})

it('fails a case that hangs, and goes on', async () => {
  const results = await resultsOf([caseOf('a/one', () => new Promise(() => {})), caseOf('a/two')], { seconds: 0.05 })
  expect(results.map(({ outcome, message }) => [outcome, message])).toEqual([
    ['failed', 'it has not ended within 0.05 seconds: a call hangs, or the backend is slow'],
    ['passed', undefined],
  ])
})

it('fails a case whose place could not be made', async () => {
  const nowhere: Harness<Store> = () => Promise.reject(new Error('no place'))
  expect(await resultsOf([caseOf('a/one')], { harness: nowhere })).toMatchObject([{ outcome: 'failed', message: 'no place' }])
})
