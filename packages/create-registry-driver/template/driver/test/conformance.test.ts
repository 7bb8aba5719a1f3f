import { driverConformance } from '@registry/core/conformance'
import { describe, it } from 'vitest'
import { harness } from './harness.js'

driverConformance({
  name: '{{name}}',
  harness,
  describe,
  // A case may write ten thousand objects.
  it: (title, body) => {
    it(title, body, 120_000)
  },
})
