import type { ConformanceCase, Deviation } from './conformance-case.js'
import type { Judgement } from './run-case.js'

/** @throws `TypeError` where a deviation names no case */
export function assertDeviations(deviations: readonly Deviation[], cases: readonly Pick<ConformanceCase<never>, 'id'>[]): void {
  const unknown = deviations.filter(({ id }) => !cases.some((testCase) => testCase.id === id))
  if (unknown.length > 0) throw new TypeError(`no such case: ${unknown.map(({ id }) => id).join(', ')}`)
}

/** A case that is known to fail has to fail. */
export function mustFail({ id }: Deviation): Judgement {
  return async (run) => {
    const passed = await run().then(
      () => true,
      () => false,
    )
    if (passed) throw new Error(`${id} passes now: take it out of the deviations`)
  }
}
