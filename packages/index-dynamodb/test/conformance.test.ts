import { indexConformance } from '@registry/core/conformance'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { describe, it } from 'vitest'
import { dynamodbHarness } from './dynamodb-harness.js'

describeWithDynamodb('on DynamoDB Local', () => {
  indexConformance({
    name: 'dynamodb',
    harness: dynamodbHarness,
    describe,
    // Thousands of entries, and hundreds of calls one after the other, take a while beside other tests.
    it: (title, body) => {
      it(title, body, 120_000)
    },
  })
})
