import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { abortCases } from './abort.js'
import { commitCases } from './commit.js'
import { commitFailureCases } from './commit-fails.js'
import { expectationCases } from './expectation-cases.js'
import { getCases } from './get.js'
import { instanceCases } from './instances.js'
import { keyCases } from './keys.js'
import { lifecycleCases } from './lifecycle.js'
import { limitCases } from './limits.js'
import { revisionCases } from './revisions.js'
import { scanCases } from './scan.js'
import { scanPageCases } from './scan-pages.js'
import { scanPrefixCases } from './scan-prefix.js'
import { scanRangeCases } from './scan-ranges.js'
import { schemaCases } from './schema.js'
import { searchCases } from './search.js'
import { searchPageCases } from './search-pages.js'
import { searchTextCases } from './search-text.js'
import { valueCases } from './values.js'

/** Every clause of the contract of an index, and how it is proven. */
export const indexCases: readonly ConformanceCase<Index>[] = [
  ...lifecycleCases,
  ...getCases,
  ...scanCases,
  ...scanRangeCases,
  ...scanPrefixCases,
  ...scanPageCases,
  ...commitCases,
  ...commitFailureCases,
  ...expectationCases,
  ...revisionCases,
  ...valueCases,
  ...keyCases,
  ...limitCases,
  ...instanceCases,
  ...schemaCases,
  ...abortCases,
  ...searchCases,
  ...searchTextCases,
  ...searchPageCases,
]
