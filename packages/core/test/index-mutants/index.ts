import { commitMutants } from './commit-mutants.js'
import { concurrencyMutants } from './concurrency-mutants.js'
import { getMutants } from './get-mutants.js'
import { keyMutants } from './key-mutants.js'
import { largeMutants } from './large-mutants.js'
import { lifecycleMutants } from './lifecycle-mutants.js'
import { limitMutants } from './limit-mutants.js'
import { longCommitMutants } from './long-commit-mutants.js'
import type { IndexMutant } from './mutant.js'
import { oddNameMutants } from './odd-name-mutants.js'
import { openingMutants } from './opening-mutants.js'
import { optionMutants } from './option-mutants.js'
import { raceMutants } from './race-mutants.js'
import { revisionMutants } from './revision-mutants.js'
import { scanMutants } from './scan-mutants.js'
import { schemaMutants } from './schema-mutants.js'
import { searchMutants } from './search-mutants.js'
import { searchThousandsMutants } from './search-thousands-mutants.js'
import { staleMutants } from './stale-mutants.js'
import { textMutants } from './text-mutants.js'
import { thousandsMutants } from './thousands-mutants.js'
import { valueMutants } from './value-mutants.js'
import { visibilityMutants } from './visibility-mutants.js'

/** Broken indexes, by what they break. */
export const indexMutants: readonly IndexMutant[] = [
  ...lifecycleMutants,
  ...getMutants,
  ...scanMutants,
  ...commitMutants,
  ...revisionMutants,
  ...valueMutants,
  ...limitMutants,
  ...schemaMutants,
  ...openingMutants,
  ...searchMutants,
  ...longCommitMutants,
  ...concurrencyMutants,
  ...visibilityMutants,
  ...thousandsMutants,
  ...searchThousandsMutants,
  ...largeMutants,
  ...keyMutants,
  ...textMutants,
  ...staleMutants,
  ...optionMutants,
  ...raceMutants,
  ...oddNameMutants,
]
