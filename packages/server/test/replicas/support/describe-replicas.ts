import { describeWithCeph } from '@registry/services/describe-with-ceph'
import { describeWithDynamodb } from '@registry/services/describe-with-dynamodb'

/** `describe`, for tests that need both services. */
export function describeReplicas(body: () => void): void {
  describeWithCeph('replicas on Ceph', () => {
    describeWithDynamodb('and DynamoDB', body)
  })
}
