import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode, expectEqual } from '../expectations.js'
import { at, partition, put, valuesAt } from './facts.js'
import { searchCase } from './search-case.js'

export const lifecycleCases: readonly ConformanceCase<Index>[] = [
  {
    id: 'index/identity',
    clause: 'an index says contract 1 and has a name',
    async run({ open }) {
      const index = await open()
      expectEqual('contract', index.contract, 1)
      expectEqual('whether name is text that is not empty', typeof index.name === 'string' && index.name !== '', true)
    },
  },
  {
    id: 'index/capabilities',
    clause: 'capabilities are frozen, and the same for every instance',
    async run({ open }) {
      const [index, other] = [await open(), await open()]
      expectEqual('whether capabilities are frozen', Object.isFrozen(index.capabilities), true)
      expectEqual('whether capabilities.limits are frozen', Object.isFrozen(index.capabilities.limits), true)
      expectEqual('type of capabilities.search', typeof index.capabilities.search, 'boolean')
      expectEqual('capabilities of another instance', other.capabilities, index.capabilities)
    },
  },
  {
    id: 'close/twice',
    clause: 'close may be called again, at the same time too',
    async run({ open }) {
      const index = await open()
      await Promise.all([index.close(), index.close()])
      await index.close()
    },
  },
  {
    id: 'close/get',
    clause: 'get of a closed index rejects with CLOSED',
    async run({ open }) {
      const index = await open()
      await index.commit([put('a')])
      await index.close()
      await expectCode('get after close', 'CLOSED', index.get([at('a')]))
      await expectCode('get of no keys after close', 'CLOSED', index.get([]))
    },
  },
  {
    id: 'close/scan',
    clause: 'scan of a closed index rejects with CLOSED',
    async run({ open }) {
      const index = await open()
      await index.close()
      await expectCode('scan after close', 'CLOSED', index.scan(partition))
    },
  },
  {
    id: 'close/commit',
    clause: 'commit to a closed index rejects with CLOSED and changes nothing',
    async run({ open }) {
      const [index, other] = [await open(), await open()]
      await index.close()
      await expectCode('commit after close', 'CLOSED', index.commit([put('a')]))
      await expectCode('commit of no changes after close', 'CLOSED', index.commit([]))
      expectEqual('a, read from another instance', await valuesAt(other, ['a']), ['no entry'])
    },
  },
  searchCase({
    id: 'close/search',
    clause: 'search of a closed index rejects with CLOSED',
    async run({ open }) {
      const index = await open()
      await index.close()
      await expectCode('search after close', 'CLOSED', index.search({ partition, text: 'a' }))
    },
  }),
]
