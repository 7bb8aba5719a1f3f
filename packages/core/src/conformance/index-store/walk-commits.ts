import type { Change, CommitOptions, EntryKey, Expectation, Index } from '../../index-store.js'
import { sizeOf } from './facts.js'
import type { WalkModel } from './walk-model.js'
import { brief, textOf, valueOf, walkPartitions, walkSorts } from './walk-names.js'
import type { Random } from './walk-random.js'

const keys: readonly EntryKey[] = walkPartitions.flatMap((partition) => walkSorts.map((sort) => ({ partition, sort })))

/** A commit of a walk, before it is made. */
export interface WalkCommit {
  readonly changes: readonly Change[]
  readonly options: CommitOptions
}

/** Changes of all kinds with expectations of all kinds, which hold in two of three commits. */
export function commitOf(random: Random, model: WalkModel, { capabilities: { limits } }: Index): WalkCommit {
  const atomic = random.percent(25) ? false : random.pick([undefined, true])
  const options = { atomic, durable: random.pick([undefined, true, false]) }
  // Mostly few of them, and now and then as many as go.
  const longest = Math.min(limits.changes, 60)
  const count = Math.min(longest, random.percent(15) ? 11 + random.below(longest) : random.pick([0, 1, 1, 1, 2, 3, 4, 8]))
  const chosen = random.sample(keys, count)
  const failing = atomic !== false && random.percent(33) ? random.sample(chosen, 1 + random.below(2)) : []
  const changes: Change[] = []
  let bytes = 0
  for (const key of chosen) {
    const change = changeOf(random, model, key, failing.includes(key), atomic !== false)
    bytes += sizeOf(change.op === 'put' ? change : { op: 'put', key, value: '' })
    if (bytes < limits.commitBytes) changes.push(change)
  }
  return { changes, options }
}

function changeOf(random: Random, model: WalkModel, chosen: EntryKey, fails: boolean, expecting: boolean): Change {
  const key = { ...chosen }
  const expect = fails ? wrong(random, model, key) : right(random, model, key)
  const op = random.percent(fails ? 40 : 65) ? 'put' : random.pick(expecting ? (['delete', 'check'] as const) : (['delete'] as const))
  if (op === 'check') return { op, key, expect }
  const more = expecting && (fails || random.percent(50)) ? { expect } : {}
  if (op === 'delete') return { op, key, ...more }
  const text = textOf(random)
  return { op, key, value: valueOf(random), ...(text === undefined ? {} : { text }), ...more }
}

function right(random: Random, model: WalkModel, key: EntryKey): Expectation {
  const entry = model.find(key)
  return entry === undefined ? 'absent' : random.pick<Expectation>(['present', { revision: entry.revision }])
}

/** An expectation that does not hold: of what is not so, of a former life, or of another entry. */
function wrong(random: Random, model: WalkModel, key: EntryKey): Expectation {
  const entry = model.find(key)
  const former = model.revisionsOf(key).filter((revision) => revision !== entry?.revision)
  const others = model.revisionsOf(random.pick(keys)).filter((revision) => revision !== entry?.revision)
  const stale = [...former, ...former, ...others, 'never'].map((revision) => ({ revision }))
  return random.percent(30) ? (entry === undefined ? 'present' : 'absent') : random.pick(stale)
}

/** Keys to ask for: some twice, and some of what was never put. */
export function keysOf(random: Random): readonly EntryKey[] {
  const some = random.sample(keys, random.pick([1, 1, 2, 5, 12]))
  return random.percent(30) ? [...some, { partition: 'facts', sort: 'never put' }, ...some.slice(0, 2)] : some
}

/** A commit in words. */
export function describeCommit({ changes, options }: WalkCommit): string {
  const shown = changes.slice(0, 6).map((change) => {
    const text = change.op === 'put' && change.text !== undefined ? ` with text ${brief(change.text)}` : ''
    return `${change.op} ${brief(change.key.partition)} ${brief(change.key.sort)}${text}${describeExpectation(change.expect)}`
  })
  const rest = changes.length > shown.length ? `; and ${changes.length - shown.length} more` : ''
  return `commit(${shown.join('; ')}${rest}) with ${JSON.stringify(options)}`
}

function describeExpectation(expect: Expectation | undefined): string {
  if (expect === undefined) return ''
  return `, expecting ${typeof expect === 'string' ? expect : `revision ${expect.revision}`}`
}
