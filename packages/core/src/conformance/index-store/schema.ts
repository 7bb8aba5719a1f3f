import type { Index, PutChange } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual } from '../expectations.js'
import { at, entryAt, expectPage, partition, put, valueOf, valuesAt } from './facts.js'
import { schemaCase } from './schema-case.js'
import { expectFound } from './texts.js'

/** What an older release is said to have stored. */
const facts: readonly PutChange[] = [
  put('a', { n: 1 }, { text: 'Apple pie' }),
  put('b', ['x', null]),
  put('é', 'text', { text: 'apple' }),
  put('\u{1f600}', 0),
  put('a', 'in another partition', { key: at('a', 'elsewhere') }),
]
const sorts = ['a', 'b', 'é', '\u{1f600}']

async function expectFacts(what: string, index: Index): Promise<void> {
  const found = (await index.get(facts.map(({ key }) => key))).map(valueOf)
  expectEqual(`values ${what}`, found, facts.map(({ value }) => value))
  expectPage(`scan ${what}`, await index.scan(partition), sorts, false)
}

export const schemaCases: readonly ConformanceCase<Index>[] = [
  schemaCase({
    id: 'schema/older',
    clause: 'what an older release stored is migrated when it is opened: nothing of it is lost, and it can be written',
    needs: ['older'],
    async run(open, schemas) {
      await schemas.older(facts)
      const index = await open()
      await expectFacts('after data of an older release was opened', index)
      if (index.capabilities.search) await expectFound(index, 'apple', ['a', 'é'])
      await index.commit([put('a', 2, { expect: await entryAt(index, 'a') }), { op: 'delete', key: at('b'), expect: 'present' }, put('c', 3)])
      await index.close()
      const again = await open()
      expectEqual('values after that was written and opened again', await valuesAt(again, ['a', 'b', 'c', 'é']), [2, 'no entry', 3, 'text'])
      if (again.capabilities.search) await expectFound(again, 'apple', ['é'])
    },
  }),
  schemaCase({
    id: 'schema/older-copied',
    clause: 'a copy is made before the first step of a migration, and kept: put back, it opens as if nothing had been migrated',
    needs: ['older', 'restore'],
    async run(open, schemas) {
      await schemas.older(facts)
      const index = await open()
      await index.commit([put('a', 'changed'), { op: 'delete', key: at('b') }, put('c')])
      await index.close()
      await schemas.restore()
      await expectFacts('after the copy was put back', await open())
    },
  }),
  schemaCase({
    id: 'schema/older-together',
    clause: 'of instances that open data of an older release at the same time one migrates it, and none loses what another commits',
    needs: ['older'],
    async run(open, schemas) {
      await schemas.older(facts)
      const opened = await Promise.all(
        ['a', 'b', 'é'].map(async (sort) => {
          const index = await open()
          await index.commit([put(sort, 'changed', { expect: 'present' })])
          return index
        }),
      )
      for (const index of opened) {
        expectEqual('values after three instances opened it together and changed one each', await valuesAt(index, sorts), ['changed', 'changed', 'changed', 0])
      }
    },
  }),
  schemaCase({
    id: 'schema/newer',
    clause: 'what a newer release stored is refused with UNSUPPORTED when it is opened, and not touched',
    needs: ['newer', 'fingerprint'],
    async run(open, schemas) {
      await schemas.newer()
      const before = await schemas.fingerprint()
      for (const time of ['once', 'twice']) {
        await expectCode(`opening data of a newer release ${time}`, 'UNSUPPORTED', open())
        expectEqual(`all that is stored after that was tried ${time}`, await schemas.fingerprint(), before)
      }
    },
  }),
]
