import type { Index } from '../../index-store.js'
import type { ConformanceCase } from '../conformance-case.js'
import { abortCases } from './abort.js'
import { atOnceCases } from './at-once.js'
import { commitFailureCases } from './commit-fails.js'
import { commitCases } from './commit.js'
import { concurrentCommitCases } from './concurrent-commits.js'
import { exactExpectationCases } from './exact-expectations.js'
import { expectationCases } from './expectation-cases.js'
import { getCases } from './get.js'
import { instanceCases } from './instances.js'
import { interruptedCases } from './interrupted.js'
import { keyConfusionCases } from './key-confusion.js'
import { keyCases } from './keys.js'
import { largeValueCases } from './large-values.js'
import { lifecycleCases } from './lifecycle.js'
import { limitCases } from './limits.js'
import { longestCommitCases } from './longest-commits.js'
import { raceCases } from './races.js'
import { revisionCases } from './revisions.js'
import { scanPageCases } from './scan-pages.js'
import { scanPrefixCases } from './scan-prefix.js'
import { scanRangeCases } from './scan-ranges.js'
import { scanCases } from './scan.js'
import { schemaCases } from './schema.js'
import { searchPageCases } from './search-pages.js'
import { searchTextCases } from './search-text.js'
import { searchThousandsCases } from './search-thousands.js'
import { searchCases } from './search.js'
import { thousandsCases } from './thousands.js'
import { valueCases } from './values.js'
import { visibilityCases } from './visibility.js'
import { walkCases } from './walk-cases.js'

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
  ...longestCommitCases,
  ...concurrentCommitCases,
  ...raceCases,
  ...expectationCases,
  ...exactExpectationCases,
  ...revisionCases,
  ...valueCases,
  ...largeValueCases,
  ...keyCases,
  ...keyConfusionCases,
  ...limitCases,
  ...instanceCases,
  ...visibilityCases,
  ...thousandsCases,
  ...schemaCases,
  ...abortCases,
  ...interruptedCases,
  ...searchCases,
  ...searchTextCases,
  ...searchPageCases,
  ...searchThousandsCases,
  ...walkCases,
  ...atOnceCases,
]
