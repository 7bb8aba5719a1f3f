import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driverCases, indexCases } from '@registry/core/conformance'
import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { describe, expect, it } from 'vitest'
import { root } from './repository.js'

interface Line {
  readonly contract: string
  readonly id: string
  readonly clause: string
  readonly why: string
}

const page = readFileSync(join(root, 'docs', 'contract.md'), 'utf8')
const lines: readonly Line[] = page.split('\n').flatMap((text) => {
  const [, contract = '', id = '', name, clause = '', why = ''] = /^\| <a id="(\w+)\/([^"]+)"><\/a>`(.*?)` \| (.*?) \| (.*) \|$/.exec(text) ?? []
  return name !== undefined && name === id ? [{ contract, id, clause, why }] : []
})

describe.each([
  ['driver', driverCases],
  ['index', indexCases],
] as const)('docs/contract.md, %s', (contract, cases) => {
  const own = lines.filter((line) => line.contract === contract)

  it('has a line for each case of the suite, with its clause', () => {
    const wrong = cases.flatMap(({ id, clause }) => {
      const line = own.find((one) => one.id === id)
      return line?.clause === clause ? [] : [`| <a id="${contract}/${id}"></a>\`${id}\` | ${clause} | ${line?.why ?? 'TODO: why it exists.'} |`]
    })
    if (wrong.length > 0) expect.fail(`docs/contract.md lacks these lines, or has them with another clause:\n\n${wrong.join('\n')}\n`)
  })

  it('has a case for each line, once', () => {
    const ids = own.map(({ id }) => id)
    expect(ids.filter((id) => !cases.some((one) => one.id === id))).toEqual([])
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it('says of each clause why it exists, in a sentence', () => {
    expect(own.filter(({ why }) => !/^[\dA-Z`].*\.$/.test(why) || why.startsWith('TODO')).map(({ id, why }) => `${id}: ${why}`)).toEqual([])
  })

  it('keeps what is about one method together', () => {
    const methods = own.map(({ id }) => id.split('/')[0])
    const begun = methods.filter((method, index) => method !== methods[index - 1])
    expect(begun).toEqual([...new Set(begun)])
  })
})

it('docs/contract.md has no line that is not read', () => {
  expect(page.match(/<a id=/g)).toHaveLength(lines.length)
})

it.each([
  ['driver', 0, [...methodsOf(memoryDriver()), 'presign']],
  ['index', 1, methodsOf(memoryIndex())],
] as const)('docs/contract.md lists each method of the %s, and no other', (_, number, methods) => {
  const [, listing = ''] = [...page.matchAll(/^```ts\n(.*?)^```$/gms)][number] ?? []
  expect([...listing.matchAll(/^(\w+)\(/gm)].map(([, name]) => name).sort()).toEqual([...new Set(methods)].sort())
})

function methodsOf(store: object): readonly string[] {
  return Object.entries(store).filter(([, value]) => typeof value === 'function').map(([name]) => name)
}
