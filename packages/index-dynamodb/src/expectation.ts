import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Expectation } from '@registry/core'

/** What a request says of the item as it is. */
export interface Condition {
  readonly ConditionExpression?: string
  readonly ExpressionAttributeNames?: Record<string, string>
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>
}

const names = { '#revision': 'revision' }

/** An expectation in the words of DynamoDB. */
export function conditionOf(expect: Expectation | undefined): Condition {
  if (expect === undefined) return {}
  if (expect === 'absent') return { ConditionExpression: 'attribute_not_exists(#revision)', ExpressionAttributeNames: names }
  if (expect === 'present') return { ConditionExpression: 'attribute_exists(#revision)', ExpressionAttributeNames: names }
  const values = { ':revision': { S: expect.revision } }
  return { ConditionExpression: '#revision = :revision', ExpressionAttributeNames: names, ExpressionAttributeValues: values }
}
