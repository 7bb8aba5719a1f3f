import { indexConformance } from '@registry/core/conformance'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'
import { describe, it } from 'vitest'
import { dynamodbHarness } from './dynamodb-harness.js'

describeWithDynamodb('on DynamoDB Local', () => {
  indexConformance({ name: 'dynamodb', harness: dynamodbHarness, describe, it })
})
