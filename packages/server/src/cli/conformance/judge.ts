import { setImmediate as turn } from 'node:timers/promises'
import { RegistryError } from '@registry/core'
import { nearest } from '@registry/core/config'
import { type CaseResult, type ConformanceCase, runSuite } from '@registry/core/conformance'
import type { OpenedKind } from '../../modules/open-module.js'
import { chosenCases } from './chosen-cases.js'
import { clauseProgress } from './clause-progress.js'
import { interruption } from './interruption.js'
import { type Opening, type Places, placesOf } from './places.js'
import { readOptions } from './read-options.js'
import { linesOf, methodOf } from './report.js'
import { type Strays, withStrays, wordsFor } from './strays.js'
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

/** Who is told of a run, and what it has to watch. */
export interface Watcher {
  readonly strays: Strays
  readonly print: (lines: readonly string[]) => void
  /** How wide the report may be; `undefined` where nobody looks. */
  readonly columns: number | undefined
  /** Is told what is known before each clause, and at the end. */
  readonly learn: (verdict: Verdict) => void
}

/** Runs cases one after the other, and prints what became of each as it ends. */
export async function judge<Store extends { readonly capabilities: object; close(): Promise<void> }>(
  { kind, cases, module, own, empty }: Judged<Store>,
  options: JudgeOptions,
  watcher: Watcher,
): Promise<void> {
  const chosen = chosenCases(cases, options.filter)
  checkDeviations(own, cases, module)
  const deviations = own.deviations.filter(({ id }) => chosen.some((each) => each.id === id))
  const harness = options.options === undefined ? own.harness : undefined
  const places = harness ? undefined : await placesOf(module, await readOptions(options.options, module), empty)
  // The end of the process comes however the run ends.
  process.once('exit', () => places?.remove())
  const [strange] = watcher.strays.take()
  if (strange !== undefined) throw new Error(`${module.name}: while it was loaded, ${wordsFor(strange)}`)

  watcher.print([`Conformance of the ${kind} ${module.name}: ${chosen.length} clauses`])
  const start = performance.now()
  const results: CaseResult[] = []
  const learn = (running?: string): void => {
    const known = { kind, name: module.name, clauses: chosen.length, results, milliseconds: performance.now() - start, ...leftIn(places) }
    watcher.learn(running === undefined ? known : { ...known, running })
  }
  const onStart = ({ id }: { readonly id: string }): void => {
    learn(id)
  }
  const suite = runSuite(chosen, { harness: harness ?? places!.harness, deviations, seconds: options.timeout, onStart })
  const progress = clauseProgress(process.stderr, chosen.length)
  progress.show(0)
  try {
    for await (const result of watched(suite, watcher.strays)) {
      progress.clear()
      const isNewMethod = results.length === 0 || methodOf(results.at(-1)!) !== methodOf(result)
      watcher.print([...(isNewMethod ? ['', methodOf(result)] : []), ...linesOf(result, watcher)])
      results.push(result)
      if (options.bail && result.outcome === 'failed') break
      progress.show(results.length)
    }
  } finally {
    learn()
    progress.clear()
  }
}

/** Results as they come, with what strayed meanwhile, until the process is told to end. */
async function* watched(suite: AsyncIterator<CaseResult, void>, strays: Strays): AsyncGenerator<CaseResult, void, void> {
  const interrupted = interruption()
  for (;;) {
    const { done, value } = await Promise.race([suite.next(), interrupted])
    if (done) return
    // What nobody waits for is known a turn later.
    await turn()
    yield withStrays(value, strays.take())
  }
}

/** @throws `CONFIG` where a deviation is about no case */
function checkDeviations({ deviations }: Pick<OwnSuite<never>, 'deviations'>, cases: readonly { readonly id: string }[], { name }: { readonly name: string }): void {
  const ids = cases.map(({ id }) => id)
  const strange = deviations.find(({ id }) => !ids.includes(id))?.id
  if (strange === undefined) return
  const meant = nearest(strange, ids)
  throw new RegistryError('CONFIG', `${name}: its export \`deviations\` has ${strange}, which is the id of no clause${meant === undefined ? '' : `; did you mean ${meant}?`}`)
}

function leftIn(places: Places<unknown> | undefined): Pick<Verdict, 'left'> {
  const count = places?.left() ?? 0
  return count === 0 ? {} : { left: { count, prefix: places!.prefix } }
}
