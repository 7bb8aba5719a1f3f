import type { Driver } from '../../driver.js'
import { registerSuite, type SuiteOptions } from '../suite.js'
import { driverCases } from './driver-cases.js'

/** Registers the driver suite with the test runner of the caller: one test for each clause of the contract. */
export function driverConformance(options: SuiteOptions<Driver>): void {
  registerSuite('Driver', driverCases, options)
}
