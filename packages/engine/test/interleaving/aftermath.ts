import { isDeepStrictEqual } from 'node:util'
import { findUntidy } from '../support/tidy.js'
import { images } from './content.js'
import { wrongDescriptions } from './described.js'
import { historyOf } from './history.js'
import type { Ledger } from './ledger.js'
import { type HistoryEvent, findContradiction } from './linearizability.js'
import { observe } from './observe.js'
import type { Process } from './process.js'
import { emptyRepository, type RepositoryState } from './repository-state.js'
import { rebuilt } from './rebuilt.js'
import { staleRecords } from './records.js'
import type { Run } from './run.js'

export type States = Readonly<Record<string, RepositoryState>>

const hour = 3_600_000

/** What of a repository is in its records. */
function withoutBlobs({ exists, manifests, tags }: RepositoryState): Omit<RepositoryState, 'blobs'> {
  return { exists, manifests, tags }
}

/**
 * What is left to see when a run is over. A new process starts and finishes what others left; then what clients were told
 * has to be true, also where the index is made anew from storage; then time passes, and nothing that nobody needs stays.
 */
export async function checkAftermath(run: Run, before: States, { indexWasLost = false }: { readonly indexWasLost?: boolean } = {}): Promise<void> {
  const { world, ledger } = run
  const last = run.start('last')
  world.backgroundErrors.length = 0
  await run.alone(() => last.sweep({ noteAge: 0, objectFolders: [] }))
  const wrong = wrongDescriptions(world)
  if (wrong.length > 0) throw run.violation(`descriptions do not follow what is tagged: ${wrong.join('; ')}`)
  const states = await observeAll(run, last, Object.keys(before))
  for (const [repository, state] of Object.entries(states)) {
    const contradiction = contradictionOf(ledger, repository, before[repository]!, endsAs(state, Infinity))
    if (contradiction !== undefined) throw run.violation(`what clients of ${repository} were told and found cannot be: ${contradiction}`)
  }

  world.now += 27 * hour
  await run.alone(() => last.sweep())
  const untidy = leftovers(run)
  if (untidy.length > 0) throw run.violation(`something is left when everything is over: ${untidy.join('; ')}`)
  const stale = await staleRecords(last.context, world)
  if (stale.length > 0) throw run.violation(`records do not say what rows do: ${stale.join('; ')}`)
  if (!indexWasLost) await compareWithRebuilt(run, states)

  world.now += 72 * hour
  await run.alone(() => run.collect(last))
  await run.alone(() => last.sweep({ noteAge: 0 }))
  const collected = leftovers(run)
  if (collected.length > 0) throw run.violation(`something is left when blobs are collected: ${collected.join('; ')}`)
  const after = await observeAll(run, last, Object.keys(before))
  for (const [repository, found] of Object.entries(after)) {
    const [state, expected] = [found, states[repository]!].map(withoutBlobs)
    if (!isDeepStrictEqual(state, expected)) throw run.violation(`time alone changed ${repository} from ${JSON.stringify(expected)} to ${JSON.stringify(state)}`)
  }
  if (world.backgroundErrors.length > 0) throw run.violation(`background work failed though nothing was wrong: ${world.backgroundErrors.map(String).join('; ')}`)
}

/**
 * Edges of a push that died are the collector's to remove, when it comes by: nothing else knows which blobs they are of.
 * Where tags alone are moved, a process may die that has just written a record which another had replaced; that one goes with its tag.
 */
function leftovers({ world, scheduler }: Run): readonly string[] {
  const mayStay = world.search ? /^used\/.* is left$|^rows have the versions / : /^used\/.* is left$/
  return findUntidy(world.stored()).filter((problem) => !scheduler.disturbed || !mayStay.test(problem))
}

/** What clients see in the end is one more thing that they were told. */
function endsAs(found: RepositoryState, moment: number): HistoryEvent<RepositoryState> {
  return {
    told: `find ${JSON.stringify(found)}`,
    began: moment === Infinity ? Number.MAX_SAFE_INTEGER - 1 : moment,
    ended: Number.MAX_SAFE_INTEGER,
    apply: (state) => (isDeepStrictEqual(state, found) ? state : undefined),
  }
}

function contradictionOf(ledger: Ledger, repository: string, before: RepositoryState, end: HistoryEvent<RepositoryState>): string | undefined {
  return findContradiction(before, [...historyOf(ledger, repository), end])
}

async function observeAll(run: Run, process: Process, repositories: readonly string[]): Promise<States> {
  const states: Record<string, RepositoryState> = {}
  for (const repository of repositories) states[repository] = await run.alone(() => observe(process, repository))
  return states
}

/** Invariant 7: an index that is made anew says the same, but for blobs that no manifest explains. */
async function compareWithRebuilt(run: Run, states: States): Promise<void> {
  const found = await rebuilt(run.world, run.world.objects, Object.keys(states))
  for (const [repository, before] of Object.entries(states)) {
    const [state, expected] = [found[repository]!, before].map(withoutBlobs)
    if (!isDeepStrictEqual(state, expected)) throw run.violation(`made anew from storage, ${repository} is ${JSON.stringify(state)} instead of ${JSON.stringify(expected)}`)
  }
}

/** What was answered holds where the index is lost at this moment: what is under way may be done, or not. */
export async function checkLostIndex(run: Run, before: States): Promise<void> {
  const found = await rebuilt(run.world, run.world.objects, Object.keys(before))
  const { ledger } = run
  for (const [repository, whole] of Object.entries(found)) {
    const state = withoutBlobs(whole)
    const promises = historyOf(ledger.promises(), repository)
    // Of a push that was not answered there may be no more than the repository.
    const isPushed = ledger.entries.some(({ operation, outcome }) => operation.kind === 'push' && operation.repository === repository && outcome.state === 'unknown')
    const end: HistoryEvent<RepositoryState> = {
      told: `find ${JSON.stringify(state)} in an index made anew`,
      began: Number.MAX_SAFE_INTEGER - 1,
      ended: Number.MAX_SAFE_INTEGER,
      apply: (expected) =>
        isDeepStrictEqual(state, { ...withoutBlobs(expected), exists: expected.exists || (isPushed && state.exists) }) ? emptyRepository : undefined,
    }
    const contradiction = findContradiction(before[repository]!, [...promises, end])
    if (contradiction !== undefined) throw run.violation(`the index is lost, and what clients of ${repository} were told is: ${contradiction}`)
    const lacking = images.filter(({ name }) => state.manifests.includes(name)).flatMap((image) => image.blobs.filter((blob) => !whole.blobs.includes(blob)))
    if (lacking.length > 0) throw run.violation(`the index is lost, and manifests of ${repository} lack ${lacking.join(', ')}`)
  }
}
