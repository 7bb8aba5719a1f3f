import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { expectCode } from '../expectations.js'
import { partition } from './facts.js'

/** A case about search, and its mirror for an index that does not claim it. */
export function searchCase(searching: ConformanceCase<Index>): ConformanceCase<Index> {
  return {
    ...searching,
    needs: 'search',
    async otherwise({ open }) {
      const index = await open()
      await expectCode('search, which is not claimed', 'UNSUPPORTED', index.search({ partition, text: 'a' }))
    },
  }
}

/** The same for several. */
export function aboutSearch(cases: readonly ConformanceCase<Index>[]): readonly ConformanceCase<Index>[] {
  return cases.map(searchCase)
}
