import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { root } from './repository.js'

/** As `spec/titles.mjs` reads it. */
interface Title {
  readonly file: string
  readonly text: string
  readonly ids: readonly string[]
}

interface Coverage {
  readonly clauses: readonly { readonly id: string; readonly text: string }[]
  readonly titlesOf: (file: string, text: string) => readonly Title[]
  readonly readTitles: (root: string) => readonly Title[]
  readonly pageFile: string
  readonly pageOf: (titles: readonly Title[]) => string
}

const folder = pathToFileURL(join(root, 'tests', 'src', 'spec')).href
const parts = await Promise.all(['clauses', 'titles', 'page'].map((name) => import(`${folder}/${name}.mjs`) as Promise<object>))
const { clauses, titlesOf, readTitles, pageFile, pageOf } = Object.assign({}, ...parts) as Coverage
const titles = readTitles(root)
const ids = clauses.map(({ id }) => id)

it('every clause of the specification has a test', () => {
  const shown = new Set(titles.flatMap((title) => title.ids))
  expect(clauses.filter(({ id }) => !shown.has(id)).map(({ id, text }) => `${id}: ${text}`)).toEqual([])
})

it('every id of a clause in a title is the id of a clause', () => {
  const unknown = titles.flatMap(({ file, text, ids: named }) => named.filter((id) => !ids.includes(id)).map((id) => `${id} in ${file}: ${text}`))
  expect(unknown).toEqual([])
})

it('clauses have ids of their own, in the form in which titles name them', () => {
  expect(ids.filter((id, n) => ids.indexOf(id) !== n)).toEqual([])
  expect(ids.flatMap((id) => titlesOf('', `it('[${id}]')`).flatMap((title) => title.ids))).toEqual(ids)
})

it('docs/spec-coverage.md is up to date', () => {
  expect(readFileSync(join(root, pageFile), 'utf8'), 'run `npm run spec-coverage`').toBe(pageOf(titles))
})

it.each([
  ['of it', "it('a [x-y]', () => {})", ['a [x-y]']],
  ['of test', "test('a')", ['a']],
  ['of it.each', "it.each([['b']])('a %s', () => {})", ['a %s']],
  ['of a condition', "it.skipIf(absent).each(['b'])('a')", ['a']],
  ['of a template', 'it(`a ${b} c`)', ['a … c']],
  ['of a template without places', 'it(`a`)', ['a']],
  ['behind a describe', "describe('b', () => { it('a') })", ['a']],
  ['of no test that is skipped', "it.skip('a'); it.todo.each([])('b')", []],
  ['of no other call', "describe('a'); split('a')", []],
])('titles are read %s', (_how, source, expected) => {
  expect(titlesOf('a.test.ts', source).map(({ text }) => text)).toEqual(expected)
})

it('titles name clauses in brackets, and rules of docs/protocol.md that are none', () => {
  expect(titlesOf('a.test.ts', "it('a [P7] [push-chunk-416] [S3] [tag-form]')").map((title) => title.ids)).toEqual([['push-chunk-416', 'tag-form']])
})
