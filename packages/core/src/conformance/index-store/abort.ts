import type { CallOptions } from '../../driver.js'
import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectEqual, expectReason } from '../expectations.js'
import { at, partition, put, snapshot } from './facts.js'
import { searchCase } from './search-case.js'

function abortCase(method: string, call: (index: Index, options: CallOptions) => Promise<unknown>): ConformanceCase<Index> {
  return {
    id: `abort/${method}`,
    clause: `${method} with a signal that is aborted already rejects with its reason, unwrapped, and changes nothing`,
    async run({ open }) {
      const index = await open()
      await index.commit([put('a', 1, { text: 'text' })])
      const before = await snapshot(index)
      for (const reason of [new Error('the reason of this case'), 'a reason that is no error', undefined]) {
        const signal = AbortSignal.abort(reason)
        await expectReason(`${method} with an aborted signal`, signal.reason, call(index, { signal }))
      }
      expectEqual('the partition after that', await snapshot(index), before)
      const { signal } = new AbortController()
      await call(index, { signal })
    },
  }
}

export const abortCases: readonly ConformanceCase<Index>[] = [
  abortCase('get', (index, options) => index.get([at('a')], options)),
  abortCase('scan', (index, options) => index.scan(partition, options)),
  abortCase('commit', (index, options) => index.commit([put('a', 2), put('b')], options)),
  searchCase(abortCase('search', (index, options) => index.search({ partition, text: 'text' }, options))),
]
