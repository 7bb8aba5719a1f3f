import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual } from '../expectations.js'
import { at, expectPage, fill, numbered, partition, put, sizeOf, valueOf } from './facts.js'
import { expectLarge, large } from './large.js'

/** What is larger is more of the same, where several values are. */
const moderate = 400_000

/** Text that nowhere repeats and has characters of each length, so that a part that is lost, doubled or moved shows. */
function varied(bytes: number, seed: string): string {
  const parts: string[] = []
  for (let [size, number] = [2, 0]; ; number++) {
    const part = `${seed}${number}é€\u{1f600}|`
    size += Buffer.byteLength(part)
    if (size > bytes) return parts.join('')
    parts.push(part)
  }
}

export const largeValueCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'value/large',
    clause: 'a value of about limits.valueBytes comes back character for character, from get and from scan',
    async run({ open }) {
      const index = await open()
      const { valueBytes } = index.capabilities.limits
      const values = [varied(valueBytes, 'x'), varied(Math.min(valueBytes, moderate), 'y'), varied(valueBytes / 2, 'yy')]
      await fill(index, values.map((value, number) => put(`n${number}`, value)))
      expectEqual('large values from get', (await index.get(['n0', 'n1', 'n2'].map((sort) => at(sort)))).map(valueOf), values)
      expectEqual('large values from scan', (await index.scan(partition)).entries.map(valueOf), values)
    },
  },
  {
    id: 'value/large-replaced',
    clause: 'a large value leaves nothing behind when a small one takes its place, nor when it is deleted, and the other way round',
    async run({ open }) {
      const [index, other] = [await open(), await open()]
      const valueBytes = Math.min(index.capabilities.limits.valueBytes, moderate)
      const largest = varied(valueBytes, 'x')
      const values = [largest, 'small', varied(valueBytes, 'yy'), varied(valueBytes / 2, 'z'), [1], largest, 'absent', 'small', 'absent', varied(valueBytes / 3, 'zz')]
      for (const value of values) {
        await index.commit([value === 'absent' ? { op: 'delete', key: at('b') } : put('b', value), put('a'), put('c')])
        const expected = value === 'absent' ? ['a', 'c'] : ['a', value, 'c']
        expectEqual('values from scan after large and small ones took turns', (await other.scan(partition)).entries.map(valueOf), expected)
        expectEqual('the value from get', (await other.get([at('b')])).map(valueOf), [value === 'absent' ? 'no entry' : value])
      }
    },
  },
  {
    id: 'commit/large-values',
    clause: 'a commit of as many values near limits.valueBytes as limits.commitBytes lets it have is applied whole',
    async run({ open }) {
      const index = await open()
      const { changes, commitBytes, valueBytes } = index.capabilities.limits
      const bytes = Math.min(valueBytes, moderate)
      const each = bytes + sizeOf(put('n000000', '')) - 2
      const count = Math.floor(Math.min(commitBytes, 50 * moderate) / each)
      const puts = numbered(Math.min(changes, count)).map((sort, number) => put(sort, varied(bytes, `${number}-`)))
      for (const options of [{}, { atomic: false }]) {
        await index.commit(puts, options)
        const found = await index.get(puts.map(({ key }) => key))
        for (const [number, { value }] of puts.entries()) expectEqual(`large value ${number} of ${puts.length}, ${JSON.stringify(options)}`, valueOf(found[number]), value)
        await index.commit(puts.map(({ key }) => ({ op: 'delete', key, expect: 'present' })))
        expectPage('scan after they were deleted', await index.scan(partition), [], false)
      }
    },
  },
  {
    id: 'scan/large-ranges',
    clause: 'a page of large entries is full in every range, and says no more behind the last',
    async run({ open }) {
      const index = await open()
      const entries = large(index.capabilities.limits)
      await fill(index, [...entries, put('z')])
      const ranges = { 'a prefix': { prefix: 'n' }, 'a before': { before: 'y' }, 'after and before': { after: 'm', before: 'o' } }
      for (const [what, range] of Object.entries(ranges)) {
        const page = await index.scan(partition, range)
        expectLarge(`scan of 60 large entries with ${what}`, page.entries, entries)
        expectEqual(`more of the scan with ${what}`, page.more, false)
        const back = await index.scan(partition, { ...range, reverse: true, limit: 59 })
        expectLarge(`the same in reverse with limit 59`, back.entries, [...entries].reverse().slice(0, 59))
        expectEqual('its more', back.more, true)
      }
    },
  },
]
