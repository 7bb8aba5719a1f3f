import type { Json } from '../../json.js'
import type { Random } from './walk-random.js'

const long = 'long-'.repeat(130)

/** Two of them alike in their first 300 bytes. */
export const walkPartitions: readonly string[] = ['facts', 'constructor', `${long.slice(0, 300)}a`, `${long.slice(0, 300)}b`, 'Zürich']

/** Few, so that each lives several lives, and none of them easy: alike in another form, in their beginnings or for a pattern. */
export const walkSorts: readonly string[] = [
  'a', 'A', 'a ', 'ab', 'a%', 'a_', 'a/b', '\u{e9}', 'e\u{301}', 'constructor', '__proto__', '..',
  `${long}1`, `${long}2`, '漢字', '\u{ff5e}', '\u{1f600}',
]

/** Beginnings of some of them, and of none. */
export const walkPrefixes: readonly string[] = ['a', 'a%', 'a_', 'e', '\u{e9}', 'constr', '__', long, long.slice(0, 100), '漢', '\u{1f600}', 'none']

const words: readonly string[] = [
  'go', 'x', 'registry', 'constructor', '__proto__', 'Ärger', 'Straße', '漢字',
  '100%', 'under_score', '"quoted"', "o'clock", 'AND', 'a*', '\u{1f600}', 'ubuntu-server',
]

/** What an entry may be found by; for one in three there is nothing. */
export function textOf(random: Random): string | undefined {
  if (random.percent(33)) return undefined
  return random.sample(words, random.below(5)).join(random.pick([' ', '-', '\n']))
}

/** A query of no, one or several terms, many of them parts of words. */
export function queryOf(random: Random): string {
  const terms = random.sample(words, random.pick([0, 1, 1, 1, 2, 3])).map((word) => {
    const characters = Array.from(word)
    const start = random.below(characters.length)
    return random.percent(50) ? word : characters.slice(start, start + 1 + random.below(4)).join('')
  })
  return terms.join(' ')
}

/** A value of any kind, made anew: the walk spoils it afterwards. */
export function valueOf(random: Random): Json {
  const makes: readonly (() => Json)[] = [
    () => null,
    () => false,
    () => random.pick([0, -1.5, 1e21, 2 ** 53 - 1]),
    () => random.pick(['', 'Zürich 漢字 \u{1f600}', '\u{2028}"\\', 'text']),
    () => ['Ärger', [1, [null]], {}],
    () => [],
    () => ({ 'ключ': 'значение', nested: { list: [random.below(3)] } }),
    () => JSON.parse('{"__proto__":{"a":1},"constructor":"b","":[]}') as Json,
  ]
  return random.pick(makes)()
}

/** Changes what can be changed of a value, as a caller may do with its own. */
export function spoil(value: Json): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  for (const member of Object.values(value)) if (member !== undefined) spoil(member)
  if (Array.isArray(value)) value.push('spoiled')
  else Object.assign(value, { spoiled: true })
}

/** A name as a message shows it. */
export function brief(name: string): string {
  const characters = Array.from(name)
  return characters.length <= 20 ? JSON.stringify(name) : JSON.stringify(`${characters.slice(0, 8).join('')}…${characters.slice(-8).join('')}`)
}
