import { randomUUID } from 'node:crypto'
import type { DynamodbRequest } from './parse-request.js'

/** A whole answer. */
export interface Answer {
  readonly status: number
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

const service = 'com.amazonaws.dynamodb.v20120810'
const common = 'com.amazon.coral.service'
const availability = 'com.amazon.coral.availability'

export type ErrorCode =
  | 'AccessDeniedException'
  | 'ExpiredTokenException'
  | 'InternalServerError'
  | 'LimitExceededException'
  | 'ProvisionedThroughputExceededException'
  | 'RequestLimitExceeded'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'ServiceUnavailable'
  | 'ThrottlingException'
  | 'TransactionConflictException'
  | 'TransactionInProgressException'
  | 'UnrecognizedClientException'

const errors: Readonly<Record<ErrorCode, readonly [number, string, string]>> = {
  AccessDeniedException: [400, common, 'User is not authorized to perform this operation'],
  ExpiredTokenException: [400, common, 'The security token included in the request is expired'],
  InternalServerError: [500, service, 'Internal server error'],
  LimitExceededException: [400, service, 'Subscriber limit exceeded'],
  ProvisionedThroughputExceededException: [400, service, 'The level of configured provisioned throughput for the table was exceeded'],
  RequestLimitExceeded: [400, service, 'Throughput exceeds the current throughput limit for your account'],
  ResourceInUseException: [400, service, 'Table is being created or deleted'],
  ResourceNotFoundException: [400, service, 'Requested resource not found'],
  ServiceUnavailable: [503, availability, 'Service is unavailable, try again later'],
  ThrottlingException: [400, availability, 'Rate of requests exceeds the allowed throughput'],
  TransactionConflictException: [400, service, 'Transaction is ongoing for the item'],
  TransactionInProgressException: [400, service, 'The transaction with the given request token is already in progress'],
  UnrecognizedClientException: [400, common, 'The security token included in the request is invalid'],
}

export function errorAnswer(code: ErrorCode): Answer {
  const [status, namespace, message] = errors[code]
  return jsonAnswer(status, { __type: `${namespace}#${code}`, message })
}

/** A transaction that is cancelled because of one of its items, or a single write that meets a transaction. */
export function conflictAnswer({ body }: DynamodbRequest, item: number = 0, reason: string = 'TransactionConflict'): Answer {
  if (!body.TransactItems) return errorAnswer('TransactionConflictException')
  const CancellationReasons = body.TransactItems.map((_, index) => (index === item ? { Code: reason, Message: messages[reason] } : { Code: 'None' }))
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ')
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`
  return jsonAnswer(400, { __type: `${service}#TransactionCanceledException`, CancellationReasons, Message })
}

const messages: Readonly<Record<string, string>> = {
  TransactionConflict: 'Transaction is ongoing for the item',
  ThrottlingError: 'Throughput exceeds the current capacity for one or more global secondary indexes',
  ProvisionedThroughputExceeded: 'The level of configured provisioned throughput for the table was exceeded',
}

export function jsonAnswer(status: number, value: unknown): Answer {
  const headers = ['server', 'Server', 'content-type', 'application/x-amz-json-1.0', 'x-amzn-requestid', randomUUID()]
  return { status, headers, body: Buffer.from(JSON.stringify(value)) }
}

/** As something between client and service answers. */
export function pageAnswer(status: number): Answer {
  const body = Buffer.from(`<html>\n<head><title>${status}</title></head>\n<body>This is not DynamoDB.</body>\n</html>\n`)
  return { status, headers: ['content-type', 'text/html'], body }
}
