import type { CaseResult } from '@registry/core/conformance'
import type { OpenedKind } from '../../modules/open-module.js'

/** What a run of the suite has shown, so far. */
export interface Verdict {
  /** Unknown until the module is loaded. */
  readonly kind?: OpenedKind
  readonly name: string
  /** How many were to be run. */
  readonly clauses: number
  readonly results: readonly CaseResult[]
  readonly milliseconds: number
  /** Id of the clause that is tried. */
  readonly running?: string
  /** Places of cases that are left in the backend, and what their names begin with. */
  readonly left?: { readonly count: number; readonly prefix: string }
}

type Counts = Readonly<Record<CaseResult['outcome'], number>>

/** How many clauses had each outcome. */
export function countsOf({ results }: Pick<Verdict, 'results'>): Counts {
  const count = (outcome: CaseResult['outcome']): number => results.filter((result) => result.outcome === outcome).length
  return { passed: count('passed'), failed: count('failed'), deviates: count('deviates') }
}

/** The end of the report: how many clauses hold, and what to do about the rest. */
export function summaryOf(verdict: Verdict): readonly string[] {
  const { kind = 'driver', clauses, results, milliseconds, left } = verdict
  const { passed, failed, deviates } = countsOf(verdict)
  const deviations = deviates === 0 ? '' : `, ${deviates} ${deviates === 1 ? 'deviates' : 'deviate'}`
  const rest = clauses - results.length
  const notRun = rest === 0 ? '' : `, ${rest} not run`
  const first = results.find(({ outcome }) => outcome === 'failed')
  return [
    '',
    `${passed} passed, ${failed} failed${deviations}${notRun}, in ${(milliseconds / 1000).toFixed(1)} s`,
    ...(first ? [`Why a clause exists is in docs/contract.md, such as #${kind}/${first.id}; --filter ${first.id} runs it alone.`] : []),
    ...(left ? [`Left in the backend: ${left.count} ${left.count === 1 ? 'place whose name begins' : 'places whose names begin'} with ${left.prefix}; remove what is there by hand.`] : []),
  ]
}
