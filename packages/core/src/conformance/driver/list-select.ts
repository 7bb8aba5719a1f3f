import { expectEqual } from '../expectations.js'
import type { ListOptions } from '../../driver.js'
import { manyKeys } from './list.js'
import { listKeys, putKeys, type DriverCase } from './objects.js'

const keys = ['a', 'b!', 'b-c', 'b/a', 'b/a-b/c', 'b/aa', 'b/b/a', 'b/b/b', 'b/c', 'b0', 'ba/a', 'ba/b', 'c/.a', 'c/..a', 'c/a'].sort()

/** A case that each of `options` selects what its filter does. */
function selects(id: string, clause: string, trials: readonly (readonly [ListOptions, (key: string) => boolean])[]): DriverCase {
  return {
    id,
    clause,
    async run({ open }) {
      const driver = await open()
      await putKeys(driver, keys)
      for (const [options, filter] of trials) {
        expectEqual(`keys of list(${JSON.stringify(options)})`, await listKeys(driver, options), keys.filter(filter))
      }
    },
  }
}

const prefixed = (...prefixes: readonly string[]): [ListOptions, (key: string) => boolean][] =>
  prefixes.map((prefix) => [{ prefix }, (key) => key.startsWith(prefix)])
const behind = (...cursors: readonly string[]): [ListOptions, (key: string) => boolean][] =>
  cursors.map((after) => [{ after }, (key) => key > after])

export const listSelectCases: readonly DriverCase[] = [
  selects('list/prefix-folder', 'A prefix that ends in a slash selects what is below.', prefixed('b/', 'b/b/', 'ba/', 'b/a-b/')),
  selects('list/prefix-partial', 'A prefix is an exact beginning of the key, wherever it ends.', prefixed('b', 'b/a', 'b/b', 'c/.', 'b-', 'ba')),
  selects('list/prefix-whole', 'A prefix may be a whole key.', prefixed('a', 'b/a', 'b/b/a', 'b0')),
  selects('list/prefix-sibling', 'A folder whose name begins that of another has nothing to do with it.', prefixed('b/', 'ba/')),
  selects('list/prefix-none', 'A prefix that no key has selects nothing.', prefixed('d', 'b/d/', 'a/', 'b/a/b', 'b//')),
  selects('list/prefix-untame', 'A prefix that no key can have selects nothing.', prefixed('/', '../', 'b/../', './', 'A', 'b/%', 'c/../a')),
  selects('list/prefix-default', 'An empty prefix selects everything.', prefixed('')),
  selects('list/after', 'after selects the keys strictly behind it.', behind(...keys)),
  selects('list/after-absent', 'after need not exist.', [
    ...behind('!', 'b', 'b-', 'b/', 'b/a!', 'b/a-b', 'b/b', 'b/b/', 'b/b/aa', 'b/d', 'ba', 'c', 'zz'),
  ]),
  selects('list/after-prefix', 'after and prefix together select what both do.', [
    [{ prefix: 'b/', after: 'b/aa' }, (key) => key.startsWith('b/') && key > 'b/aa'],
    [{ prefix: 'b/', after: 'a' }, (key) => key.startsWith('b/')],
    [{ prefix: 'b/', after: 'c' }, () => false],
    [{ prefix: 'b/b', after: 'b/b/a' }, (key) => key === 'b/b/b'],
    [{ prefix: 'b', after: 'b/' }, (key) => key.startsWith('b') && key > 'b/'],
    [{ prefix: '', after: '' }, () => true],
  ]),
  {
    id: 'list/long',
    clause: 'A prefix and an after may be as long as a key.',
    async run({ open }) {
      const driver = await open()
      const folder = `a/${'b'.repeat(200)}/${'c'.repeat(150)}`
      const long = [`${folder}/d`, `${folder}/d!`, `${folder}/e/f`, `${folder}a/d`, `b/${'b'.repeat(200)}/${'c'.repeat(200)}`]
      await putKeys(driver, long)
      for (const [index, key] of long.toSorted().entries()) {
        const what = `one of ${key.length} bytes`
        expectEqual(`keys with the prefix, ${what}`, await listKeys(driver, { prefix: key }), long.filter((other) => other.startsWith(key)).toSorted())
        expectEqual(`keys after a key, ${what}`, await listKeys(driver, { after: key }), long.toSorted().slice(index + 1))
      }
    },
  },
  {
    id: 'list/pages',
    clause: 'Going on after the last key of each page gives every key once.',
    async run({ open }) {
      const driver = await open()
      const many = manyKeys(120)
      await putKeys(driver, many)
      const got: string[] = []
      for (let page = 0; page < many.length; page++) {
        let taken = 0
        for await (const { key } of driver.list({ prefix: 'many/', after: got.at(-1) })) {
          got.push(key)
          if (++taken === 7) break
        }
        if (taken === 0) break
      }
      expectEqual('keys of all pages', got, many.toSorted())
    },
  },
]
