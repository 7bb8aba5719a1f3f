export type { CaseContext, ConformanceCase, Deviation, Harness, Namespace } from './conformance-case.js'
export { runCase } from './run-case.js'
export type { SuiteOptions } from './suite.js'
