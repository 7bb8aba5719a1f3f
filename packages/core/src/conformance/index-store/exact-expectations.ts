import type { Change, Expectation, Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual } from '../expectations.js'
import { at, entryAt, fill, put, snapshot, valuesAt } from './facts.js'

const kinds: Readonly<Record<Change['op'], (sort: string, expect: Expectation) => Change>> = {
  put: (sort, expect) => put(sort, 'new', { expect }),
  delete: (sort, expect) => ({ op: 'delete', key: at(sort), expect }),
  check: (sort, expect) => ({ op: 'check', key: at(sort), expect }),
}

/** Revisions that are like this one, and are others. */
function alike(revision: string): readonly string[] {
  const written = ['', revision.slice(0, -1), revision.slice(1), `${revision}0`, `0${revision}`, `${revision}.0`, ` ${revision}`, `${revision} `, `${revision}\n`]
  const parts = [`"${revision}"`, revision + revision, revision.slice(0, 1), revision.slice(-1), '*', '%', '_'.repeat(revision.length), revision.toUpperCase(), revision.toLowerCase()]
  return [...new Set([...written, ...parts])].filter((other) => other !== revision)
}

export const exactExpectationCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'expect/revision-exact',
    clause: 'an expected revision is compared whole: one that begins or ends like the right one, or is that of another entry, does not hold',
    async run({ open }) {
      const index = await open()
      for (let round = 0; round < 15; round++) await index.commit([put('there', 'old')])
      await index.commit([put('before')])
      await index.commit([put('there', 'elsewhere', { key: at('there', 'elsewhere') })])
      const there = await entryAt(index, 'there')
      const [elsewhere] = await index.get([at('there', 'elsewhere')])
      const before = await snapshot(index)
      const others = [...alike(there.revision), (await entryAt(index, 'before')).revision, elsewhere!.revision]
      for (const [op, change] of Object.entries(kinds)) {
        for (const revision of others) {
          const what = `${op} that expects the revision ${JSON.stringify(revision)} of an entry at ${JSON.stringify(there.revision)}`
          await expectCode(what, 'CONFLICT', index.commit([change('there', { revision })]))
        }
      }
      expectEqual('the partition after that', await snapshot(index), before)
      await index.commit([kinds.put('there', there)])
      expectEqual('the entry after a put that expects its revision', await valuesAt(index, ['there']), ['new'])
    },
  },
  {
    id: 'expect/any-options',
    clause: 'expectations count with every option of a commit: with a signal, and whether it is to be durable or atomic or says nothing of that',
    async run({ open }) {
      const index = await open()
      const { signal } = new AbortController()
      const one = [{}, { signal }, { atomic: true }, { durable: true }, { durable: false }]
      const options = [...one, { atomic: true, durable: false, signal }, { atomic: undefined, durable: undefined, signal: undefined }]
      for (const [round, option] of options.entries()) {
        const what = `with the options ${Object.keys(option).join(', ') || 'none'} (${round})`
        await index.commit([put('there', round)])
        const before = await snapshot(index)
        for (const [op, change] of Object.entries(kinds)) {
          const failing = [change('there', 'absent'), change('absent', 'present'), change('there', { revision: 'never' })]
          for (const each of failing) await expectCode(`${op} that is not as expected ${what}`, 'CONFLICT', index.commit([put('beside'), each], option))
        }
        expectEqual(`the partition after that ${what}`, await snapshot(index), before)
        await index.commit([kinds.put('there', await entryAt(index, 'there')), kinds.check('absent', 'absent')], option)
        expectEqual(`the entry after a put that is as expected ${what}`, await valuesAt(index, ['there']), ['new'])
      }
    },
  },
  {
    id: 'expect/empty-values',
    clause: 'an entry is present whatever its value is: null, false, zero and what is empty too',
    async run({ open }) {
      const index = await open()
      const values = [null, false, 0, '', [], {}]
      for (const value of values) {
        const what = `an entry whose value is ${JSON.stringify(value)}`
        await fill(index, [put('a', value), put('b', value, { text: '' })])
        for (const [op, change] of Object.entries(kinds)) {
          await expectCode(`${op} of ${what}, expecting absent`, 'CONFLICT', index.commit([put('c'), change('a', 'absent')]))
        }
        await index.commit([kinds.check('a', 'present'), kinds.put('b', 'present')])
        const { revision } = await entryAt(index, 'a')
        await index.commit([kinds.check('a', { revision })])
        await index.commit([kinds.delete('a', 'present')])
        expectEqual(`${what}, after it was deleted`, await valuesAt(index, ['a', 'b', 'c']), ['no entry', 'new', 'no entry'])
      }
    },
  },
]
