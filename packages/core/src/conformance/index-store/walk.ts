import { RegistryError } from '../../errors.js'
import type { Index } from '../../index-store.js'
import type { CaseContext } from '../conformance-case.js'
import { ConformanceError, expectCode, expectEqual, expectReason } from '../expectations.js'
import { commitOf, describeCommit, type WalkCommit } from './walk-commits.js'
import { WalkModel } from './walk-model.js'
import { spoil } from './walk-names.js'
import { randomOf, type Random } from './walk-random.js'
import { everythingOf, readOf, type WalkRead } from './walk-reads.js'

export interface Walk {
  /** Each begins where the one before ended, with instances of its own. */
  readonly seeds: readonly number[]
  readonly steps: number
  /** How many instances of the same data take turns. */
  readonly instances: number
  readonly searches: boolean
}

interface Walker {
  index: Index
  /** What it was asked last, which is asked again when another instance has changed something. */
  recent: readonly WalkRead[]
}

/** Makes calls at random, and compares every answer to that of the model. What fails is named by seed, step and call. */
export async function walk({ open }: Pick<CaseContext<Index>, 'open'>, { seeds, steps, instances, searches }: Walk): Promise<void> {
  const model = new WalkModel()
  for (const seed of seeds) {
    const random = randomOf(seed)
    const walkers: Walker[] = []
    for (let number = 0; number < instances; number++) walkers.push({ index: await open(), recent: [] })
    for (let step = 1; step <= steps; step++) {
      const walker = random.pick(walkers)
      const named = async (words: () => string, run: () => Promise<void>): Promise<void> => {
        await run().catch((error: unknown) => {
          throw failure(`walk ${seed}, step ${step}, instance ${walkers.indexOf(walker) + 1}, ${words()}`, error)
        })
      }
      const turn = random.below(100)
      if (turn < 2) await named(() => 'close and open again', async () => reopen(random, model, walker, open))
      else if (turn < 40) {
        const commit = commitOf(random, model, walker.index)
        await named(() => describeCommit(commit), async () => make(random, model, walker.index, commit))
        for (const [number, { index, recent }] of walkers.entries()) {
          for (const { words, ask } of recent) await named(() => `then ${words()} of instance ${number + 1}`, async () => ask(index))
        }
      } else {
        const read = readOf(random, model, searches)
        walker.recent = [...walker.recent.slice(-3), read]
        await named(read.words, async () => read.ask(walker.index))
      }
    }
    await Promise.all(walkers.map(async ({ index }) => index.close()))
  }
}

async function make(random: Random, model: WalkModel, index: Index, { changes, options }: WalkCommit): Promise<void> {
  if (random.percent(10)) {
    const reason = new Error('the reason of this walk')
    return expectReason('with a signal that is aborted already', reason, index.commit(changes, { ...options, signal: AbortSignal.abort(reason) }))
  }
  const abort = new AbortController()
  const call = index.commit(changes, random.percent(30) ? { ...options, signal: abort.signal } : options)
  const failing = model.conflict(changes)
  if (failing === undefined) model.apply(changes, await call)
  else expectEqual('key of the CONFLICT', (await expectCode('its answer', 'CONFLICT', call)).key, failing.key)
  // What happens to what was passed is no business of the index any more.
  for (const change of changes) if (change.op === 'put') spoil(change.value)
  abort.abort()
}

async function reopen(random: Random, model: WalkModel, walker: Walker, open: () => Promise<Index>): Promise<void> {
  await walker.index.close()
  const { changes, options } = commitOf(random, model, walker.index)
  await expectCode(`${describeCommit({ changes, options })} after close`, 'CLOSED', walker.index.commit(changes, options))
  walker.index = await open()
  for (const { words, ask } of everythingOf(random, model)) {
    await ask(walker.index).catch((error: unknown) => {
      throw failure(words(), error)
    })
  }
}

function failure(where: string, error: unknown): ConformanceError {
  const code = RegistryError.is(error) ? `${error.code} ` : ''
  const words = error instanceof ConformanceError ? error.message : `expected no error, got ${code}${String(error)}`
  return new ConformanceError(`${where}: ${words}`, { cause: error })
}
