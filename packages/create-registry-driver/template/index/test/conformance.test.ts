import { indexConformance } from '@registry/core/conformance'
import { describe, it } from 'vitest'
import { harness } from './harness.js'

indexConformance({
  name: '{{name}}',
  harness,
  describe,
  // A case may commit thousands of entries.
  it: (title, body) => {
    it(title, body, 120_000)
  },
})
