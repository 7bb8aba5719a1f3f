import { commitMutants } from './commit-mutants.js'
import { getMutants } from './get-mutants.js'
import { lifecycleMutants } from './lifecycle-mutants.js'
import { limitMutants } from './limit-mutants.js'
import type { IndexMutant } from './mutant.js'
import { revisionMutants } from './revision-mutants.js'
import { scanMutants } from './scan-mutants.js'
import { schemaMutants } from './schema-mutants.js'
import { searchMutants } from './search-mutants.js'
import { valueMutants } from './value-mutants.js'

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
  ...searchMutants,
]
