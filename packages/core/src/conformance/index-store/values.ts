import type { Index } from '../../index-store.js'
import type { Json } from '../../json.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { at, entryAt, fill, partition, put } from './facts.js'

const samples: Readonly<Record<string, readonly Json[]>> = {
  'literals': [null, true, false],
  'numbers': [0, -1, 1.5, 0.1, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  'strings': ['', ' ', ' a ', 'a'.repeat(5000), '1', 'null', '{"a":1}', 'é', 'e\u0301', '漢字', '\u{1f600}', '\u{10ffff}', '\ufeff'],
  'escapes': ['"', '\\', '\\u0041', '/', "'", '\n\r\t\b\f', '\0', 'a\0b', '\u0001\u001f\u007f\u0080', '\u2028\u2029', '\ud800', '\udc00\ud800'],
  'lists': [[], [[]], [null], [1, 'a', [2, ['b']], {}], Array.from({ length: 1000 }, (_, number) => number)],
  'objects': [{}, { '': 1 }, { 'a.b': 1, $c: 2, 'd e': 3, é: 4 }, { constructor: 1, length: 2, toString: 3 }, JSON.parse('{"__proto__":{"a":1}}') as Json],
}

export const valueCases: readonly ConformanceCase<Index>[] = [
  ...Object.entries(samples).map(
    ([kind, values]): ConformanceCase<Index> => ({
      id: `value/${kind}`,
      clause: `a value is any JSON: ${kind} come back as they were put, from get and from scan`,
      async run({ open }) {
        const index = await open()
        const entries = values.map((value, number) => put(String.fromCodePoint(0x61 + number), value))
        await fill(index, entries)
        const found = await index.get(entries.map(({ key }) => key))
        const { entries: scanned } = await index.scan(partition)
        for (const [number, value] of values.entries()) {
          expectEqual(`value ${number} of ${kind} from get`, canonical(found[number]?.value), canonical(value))
          expectEqual(`value ${number} of ${kind} from scan`, canonical(scanned[number]?.value), canonical(value))
        }
      },
    }),
  ),
  {
    id: 'value/deep',
    clause: 'values may be nested deeply',
    async run({ open }) {
      const index = await open()
      let value: Json = 'bottom'
      for (let depth = 0; depth < 200; depth++) value = depth % 2 === 0 ? [value] : { a: value }
      await index.commit([put('a', value)])
      expectEqual('a value of 200 levels', canonical((await entryAt(index, 'a')).value), canonical(value))
    },
  },
  {
    id: 'value/undefined-members',
    clause: 'members that are undefined are left out of a value, as JSON has none',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', { kept: 1, left: undefined })])
      expectEqual('names in the value', Object.keys((await entryAt(index, 'a')).value as object), ['kept'])
    },
  },
  {
    id: 'value/copy-of-what-was-put',
    clause: 'what a caller does to a value after the commit changes nothing in the index',
    async run({ open }) {
      const index = await open()
      const value = { list: [1] }
      await index.commit([put('a', value)])
      value.list.push(2)
      expectEqual('the value after the caller changed what was put', (await entryAt(index, 'a')).value, { list: [1] })
    },
  },
  {
    id: 'value/copy-of-what-was-read',
    clause: 'what a caller does to a value that was read changes nothing in the index',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', { list: [1] })])
      const [entry] = await index.get([at('a')])
      ;(entry?.value as { list: number[] }).list.push(2)
      expectEqual('the value of the next get', (await entryAt(index, 'a')).value, { list: [1] })
      const { entries } = await index.scan(partition)
      ;(entries[0]?.value as { list: number[] }).list.push(3)
      expectEqual('the value of the next scan', (await index.scan(partition)).entries[0]?.value, { list: [1] })
    },
  },
]

/** JSON with the names of objects in order: JSON gives their order no meaning. */
function canonical(value: Json | undefined): string {
  if (value === undefined) return 'no entry'
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
