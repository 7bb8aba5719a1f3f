import { RegistryError } from '../../errors.js'
import type { Change, EntryKey, Expectation, Index } from '../../index-store.js'
import type { Json } from '../../json.js'
import type { ConformanceCase } from '../conformance-case.js'
import { ConformanceError, expectThat } from '../expectations.js'
import { at, numbered, put } from './facts.js'
import { randomOf, type Random } from './walk-random.js'

const keys: readonly EntryKey[] = [at('a'), at('b'), at('c'), at('a', 'elsewhere')]

/** What is under each of the keys: value and revision, or nothing. */
type State = readonly ({ readonly value: Json; readonly revision: string } | undefined)[]

/** A commit on some of the keys, and what became of it. */
interface Attempt {
  readonly changes: readonly Change[]
  /** Its answer, or the key of its CONFLICT. */
  readonly answer?: readonly (string | undefined)[]
  readonly conflict?: EntryKey
}

async function stateOf(index: Index): Promise<State> {
  return (await index.get(keys)).map((entry) => entry && { value: entry.value, revision: entry.revision })
}

/** Changes of one to three of the keys, mostly with expectations that hold as long as nobody else comes first. */
function changesOf(random: Random, state: State, value: number): readonly Change[] {
  return random.sample(keys, 1 + random.below(3)).map((key): Change => {
    const before = state[keys.indexOf(key)]
    const expect: Expectation = before === undefined ? 'absent' : random.pick<Expectation>(['present', { revision: before.revision }])
    const op = random.pick(['put', 'put', 'delete', 'check'] as const)
    if (op === 'check') return { op, key, expect }
    const more = random.percent(75) ? { expect } : {}
    return op === 'delete' ? { op, key, ...more } : { op, key, value, ...more }
  })
}

async function attempt(index: Index, changes: readonly Change[], besides: readonly Change[]): Promise<Attempt> {
  try {
    const answer = await index.commit([...changes, ...besides])
    return { changes, answer: answer.slice(0, changes.length) }
  } catch (error) {
    if (!RegistryError.is(error, 'CONFLICT')) throw error
    const { key } = error
    if (typeof key !== 'object') throw new ConformanceError(`key of a CONFLICT among several commits: expected that of an entry, got ${String(key)}`)
    return { changes, conflict: key }
  }
}

/** The state behind a commit whose outcome fits the state before it, otherwise nothing. */
function after(state: State, { changes, answer, conflict }: Attempt): State | undefined {
  const failing = changes.filter(({ key, expect }) => !holds(expect, state[keys.indexOf(key)]))
  if (answer === undefined) return failing.some(({ key }) => key.partition === conflict?.partition && key.sort === conflict.sort) ? state : undefined
  if (failing.length > 0) return undefined
  const next = [...state]
  for (const [number, change] of changes.entries()) {
    if (change.op === 'put') next[keys.indexOf(change.key)] = { value: change.value, revision: String(answer[number]) }
    if (change.op === 'delete') next[keys.indexOf(change.key)] = undefined
  }
  return next
}

function holds(expect: Expectation | undefined, found: State[number]): boolean {
  if (expect === undefined) return true
  if (expect === 'absent') return found === undefined
  return found !== undefined && (expect === 'present' || expect.revision === found.revision)
}

/** Whether some order of the attempts leads from one state to the other. */
function isExplained(before: State, attempts: readonly Attempt[], end: string): boolean {
  if (attempts.length === 0) return JSON.stringify(before) === end
  return attempts.some((first, number) => {
    const next = after(before, first)
    return next !== undefined && isExplained(next, attempts.toSpliced(number, 1), end)
  })
}

function inWords({ changes, answer }: Attempt): string {
  const expecting = (expect: Expectation | undefined): string => (expect === undefined ? '' : ` expecting ${JSON.stringify(expect)}`)
  const words = changes.map(({ op, key, expect }) => `${op} ${key.partition} ${key.sort}${expecting(expect)}`)
  return `[${words.join(', ')}] ${answer === undefined ? 'failed' : 'landed'}`
}

export const atOnceCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'walk/at-once',
    clause: 'whatever several commits of several instances do at the same time, there is an order in which they explain every answer and what is left',
    async run({ open }) {
      const instances = [await open(), await open()]
      const { changes: longest } = instances[0]!.capabilities.limits
      const random = randomOf(41)
      for (let round = 1; round <= 60; round++) {
        const before = await stateOf(instances[0]!)
        // Every fourth round in long commits, which take another way through some backends.
        const length = round % 4 === 0 ? Math.min(longest, random.pick([11, 50])) - 3 : 0
        const attempts = await Promise.all(
          [0, 1, 2, 3].map(async (number) => {
            const besides = numbered(length, `beside ${round} ${number} `).map((sort) => put(sort, 1))
            return attempt(instances[number % 2]!, changesOf(random, before, round * 10 + number), besides)
          }),
        )
        const end = await stateOf(instances[round % 2]!)
        const isSome = isExplained(before, attempts, JSON.stringify(end))
        const what = `walk 41, round ${round}, commits at the same time, ${attempts.map(inWords).join('; ')}`
        expectThat(what, isSome, 'some order that explains them', { before, end })
      }
    },
  },
]
