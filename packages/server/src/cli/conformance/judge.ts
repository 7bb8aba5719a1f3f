import { type CaseResult, type ConformanceCase, runSuite } from '@registry/core/conformance'
import type { OpenedKind } from '../../modules/open-module.js'
import { chosenCases } from './chosen-cases.js'
import { clauseProgress, type ClauseProgress } from './clause-progress.js'
import { interruption } from './interruption.js'
import { type Opening, type Places, placesOf } from './places.js'
import { readOptions } from './read-options.js'
import { linesOf, methodOf } from './report.js'
import type { OwnSuite } from './subject.js'
import type { Verdict } from './verdict.js'

export interface JudgeOptions {
  /** File of the options that it is opened with. */
  readonly options?: string
  /** Beginnings of ids. */
  readonly filter?: readonly string[]
  /** Seconds for a case. */
  readonly timeout: number
  /** Whether the first failure ends the run. */
  readonly bail?: true
}

/** What is judged, and by which cases. */
export interface Judged<Store> {
  readonly kind: OpenedKind
  readonly cases: readonly ConformanceCase<Store>[]
  readonly module: Opening<Store>
  readonly own: OwnSuite<Store>
  readonly empty: (open: () => Promise<Store>) => Promise<boolean>
}

/** Runs cases one after the other, and prints what became of each as it ends. */
export async function judge<Store extends { readonly capabilities: object; close(): Promise<void> }>(
  { kind, cases, module, own, empty }: Judged<Store>,
  options: JudgeOptions,
): Promise<Verdict> {
  const chosen = chosenCases(cases, options.filter)
  const harness = options.options === undefined ? own.harness : undefined
  const places = harness ? undefined : await placesOf(module, await readOptions(options.options, module), empty)
  const deviations = own.deviations.filter(({ id }) => !cases.some((each) => each.id === id) || chosen.some((each) => each.id === id))
  const suite = runSuite(chosen, { harness: harness ?? places!.harness, deviations, seconds: options.timeout })
  print([`Conformance of the ${kind} ${module.name}: ${chosen.length} clauses`])
  const progress = clauseProgress(process.stderr, chosen.length)
  const start = performance.now()
  try {
    const results = await watched(suite, progress, options.bail === true)
    return { kind, name: module.name, clauses: chosen.length, results, milliseconds: performance.now() - start, ...leftIn(places) }
  } finally {
    progress.clear()
    await places?.remove()
  }
}

/** Prints results as they come, until the end, or the first failure where that is the end. */
async function watched(suite: AsyncIterator<CaseResult, void>, progress: ClauseProgress, endsAtFailure: boolean): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  const interrupted = interruption()
  for (;;) {
    progress.show(results.length)
    const { done, value } = await Promise.race([suite.next(), interrupted])
    if (done) return results
    progress.clear()
    const isNewMethod = results.length === 0 || methodOf(results.at(-1)!) !== methodOf(value)
    print([...(isNewMethod ? ['', methodOf(value)] : []), ...linesOf(value, process.stdout)])
    results.push(value)
    if (endsAtFailure && value.outcome === 'failed') return results
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}

function leftIn(places: Places<unknown> | undefined): Pick<Verdict, 'left'> {
  const count = places?.left() ?? 0
  return count === 0 ? {} : { left: { count, prefix: places!.prefix } }
}
