import type { TestProject } from 'vitest/node'
import { provideService } from './provide-service.js'
import { startCephProcess } from './start-ceph.js'

/** `globalSetup` of vitest: a gateway for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideService(project, 'ceph', startCephProcess)
}
