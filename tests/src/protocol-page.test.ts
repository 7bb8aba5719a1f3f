import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { root } from './repository.js'

interface Mutant {
  readonly file: string
  readonly test: { readonly file: string; readonly title?: string }
}

const load = async (path: string): Promise<unknown> => import(pathToFileURL(join(root, path)).href)
const { readTitles } = (await load('tests/src/spec/titles.mjs')) as { readonly readTitles: (root: string) => readonly { readonly text: string }[] }
const { mutants } = (await load('tests/mutants/index.mjs')) as { readonly mutants: readonly Mutant[] }

const page = readFileSync(join(root, 'docs', 'protocol.md'), 'utf8')
const rules = [...page.matchAll(/^- \*\*([PS]\d+)\*\* /gm)].map(([, rule]) => rule!)

function rulesIn(titles: readonly string[]): ReadonlySet<string> {
  return new Set(titles.flatMap((title) => [...title.matchAll(/\[([PS]\d+)\]/g)].map(([, rule]) => rule!)))
}

it('the rules of the protocol page are numbered', () => {
  const numbered = (letter: string, count: number): readonly string[] => Array.from({ length: count }, (_, n) => `${letter}${n + 1}`)
  expect(rules).toEqual([...numbered('P', 46), ...numbered('S', 14)])
})

it('every rule of the protocol page has a test, and every number in a title is that of a rule', () => {
  expect([...rulesIn(readTitles(root).map(({ text }) => text))].sort()).toEqual(rules.toSorted())
})

it('every rule of the protocol page has a patch of the code that one of its tests notices', () => {
  const noticed = rulesIn(mutants.flatMap(({ test }) => test.title ?? []))
  expect(rules.filter((rule) => !noticed.has(rule))).toEqual([])
})
