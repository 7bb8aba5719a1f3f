import { describe, it } from 'vitest'
import { driverConformance } from '@registry/core/conformance'
import { fileHarness } from './file-harness.js'

driverConformance({
  name: 'file',
  harness: fileHarness,
  describe,
  // Ten thousand objects, each with its fsyncs, take ten seconds and more where others use the disk as well.
  it: (title, body) => {
    it(title, body, 120_000)
  },
})
