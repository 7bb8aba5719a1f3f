import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { driverCases, indexCases } from '@registry/core/conformance'
import { expect, it } from 'vitest'
import { root } from './repository.js'

/** As `tests/mutants/index.mjs` describes it. */
interface Mutant {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly test: { readonly file: string } & ({ readonly title: string } | { readonly case: string })
}

const list = pathToFileURL(join(root, 'tests', 'mutants', 'index.mjs')).href
const { mutants } = (await import(list)) as { readonly mutants: readonly Mutant[] }
const cases = new Set([...driverCases, ...indexCases].map(({ id }) => id))

/** What is wrong with an entry, in words. Whether its test notices the patch is for `npm run mutants` to find out. */
function problems({ file, find, replace, test }: Mutant): readonly string[] {
  const times = count(textOf(file), find)
  const found: string[] = []
  if (!file.startsWith('packages/') || !file.includes('/src/')) found.push(`${file} is no source of a package`)
  if (times !== 1) found.push(`\`find\` occurs ${times} times in ${file}: bring it up to date`)
  if (find === replace) found.push('it changes nothing')
  if (textOf(test.file) === '') found.push(`there is no ${test.file}`)
  else if ('case' in test && !cases.has(test.case)) found.push(`no conformance suite has a case ${test.case}`)
  else if ('title' in test && count(textOf(test.file), test.title) !== 1) found.push(`not one test of ${test.file} is called '${test.title}'`)
  return found
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}

function textOf(file: string): string {
  const path = join(root, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

it('mutants fit the code and the tests as they are', () => {
  expect(mutants.flatMap((mutant) => problems(mutant).map((problem) => `${mutant.name}: ${problem}`))).toEqual([])
})

it('mutants have names of their own', () => {
  const names = mutants.map(({ name }) => name)
  expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([])
})

it('mutants are at least thirty, in every package that keeps or serves data', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(30)
  const packages = new Set(mutants.map(({ file }) => file.split('/')[1]))
  for (const name of ['driver-file', 'index-sqlite', 'engine', 'server']) expect(packages).toContain(name)
})
