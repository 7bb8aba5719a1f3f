import type { Index } from '../../index-store.js'
import { registerSuite, type SuiteOptions } from '../suite.js'
import { indexCases } from './index-cases.js'

/**
 * Registers a test for each clause of the contract of an index.
 *
 * @param options - what the index is called, how to open one on empty data, and the caller's test runner
 */
export function indexConformance(options: SuiteOptions<Index>): void {
  registerSuite('index', indexCases, options)
}
