import { DynamoDBServiceException, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import type { ErrorCode } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { failureOf, UnprocessedError } from './failure.js'

function serviceError(name: string, httpStatusCode: number = 400): Error {
  return new DynamoDBServiceException({ name, $fault: httpStatusCode < 500 ? 'client' : 'server', $metadata: { httpStatusCode }, message: 'why' })
}

function cancelledFor(...codes: readonly (string | undefined)[]): Error {
  return new TransactionCanceledException({ $metadata: { httpStatusCode: 400 }, message: 'why', CancellationReasons: codes.map((Code) => ({ Code })) })
}

function systemError(code: string, name: string = 'Error'): Error {
  return Object.assign(new Error(`connect ${code}`), { code, name })
}

function answeredWith(httpStatusCode: number, extra: object = {}): Error {
  return Object.assign(new SyntaxError('Unexpected token <'), { $metadata: { httpStatusCode, ...extra } })
}

type Kind = 'refused' | 'passing' | 'lost'

const kinds: Readonly<Record<Kind, { readonly mayPass: boolean; readonly isLost: boolean }>> = {
  refused: { mayPass: false, isLost: false },
  passing: { mayPass: true, isLost: false },
  lost: { mayPass: true, isLost: true },
}

describe('what a request failed with means', () => {
  it.each<[string, Error, Kind, ErrorCode]>([
    ['ProvisionedThroughputExceededException', serviceError('ProvisionedThroughputExceededException'), 'passing', 'UNAVAILABLE'],
    ['ThrottlingException', serviceError('ThrottlingException'), 'passing', 'UNAVAILABLE'],
    ['RequestLimitExceeded', serviceError('RequestLimitExceeded'), 'passing', 'UNAVAILABLE'],
    ['LimitExceededException', serviceError('LimitExceededException'), 'passing', 'UNAVAILABLE'],
    ['a batch of which nothing was done', new UnprocessedError('nothing'), 'passing', 'UNAVAILABLE'],
    ['TransactionConflictException', serviceError('TransactionConflictException'), 'passing', 'CONFLICT'],
    ['TransactionInProgressException', serviceError('TransactionInProgressException'), 'passing', 'CONFLICT'],
    ['ReplicatedWriteConflictException', serviceError('ReplicatedWriteConflictException'), 'passing', 'CONFLICT'],
    ['ResourceInUseException', serviceError('ResourceInUseException'), 'passing', 'UNAVAILABLE'],
    ['ResourceNotFoundException', serviceError('ResourceNotFoundException'), 'refused', 'UNAVAILABLE'],
    ['AccessDeniedException', serviceError('AccessDeniedException'), 'refused', 'ACCESS_DENIED'],
    ['InvalidSignatureException', serviceError('InvalidSignatureException'), 'refused', 'ACCESS_DENIED'],
    ['CredentialsProviderError', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'refused', 'ACCESS_DENIED'],
    ['ValidationException', serviceError('ValidationException'), 'refused', 'INTERNAL'],
    ['IdempotentParameterMismatchException', serviceError('IdempotentParameterMismatchException'), 'refused', 'INTERNAL'],
    ['ItemCollectionSizeLimitExceededException', serviceError('ItemCollectionSizeLimitExceededException'), 'refused', 'LIMIT_EXCEEDED'],
    ['500', serviceError('InternalServerError', 500), 'lost', 'UNAVAILABLE'],
    ['503', serviceError('ServiceUnavailable', 503), 'lost', 'UNAVAILABLE'],
    ['a page with 502', answeredWith(502), 'lost', 'UNAVAILABLE'],
    ['half an answer', answeredWith(200), 'lost', 'UNAVAILABLE'],
    ['a page with 404', answeredWith(404), 'refused', 'INTERNAL'],
    ['a clock that the SDK has set', answeredWith(400, { clockSkewCorrected: true }), 'passing', 'UNAVAILABLE'],
    ['ECONNREFUSED', systemError('ECONNREFUSED'), 'passing', 'UNAVAILABLE'],
    ['ENOTFOUND', systemError('ENOTFOUND'), 'passing', 'UNAVAILABLE'],
    ['EHOSTUNREACH', systemError('EHOSTUNREACH'), 'passing', 'UNAVAILABLE'],
    ['ECONNRESET', systemError('ECONNRESET'), 'lost', 'UNAVAILABLE'],
    ['ECONNRESET by the name of the SDK', systemError('ECONNRESET', 'TimeoutError'), 'lost', 'UNAVAILABLE'],
    ['EPIPE', systemError('EPIPE'), 'lost', 'UNAVAILABLE'],
    ['an answer that was cut', new Error('aborted'), 'lost', 'UNAVAILABLE'],
    ['a timeout', systemError('ETIMEDOUT', 'TimeoutError'), 'lost', 'UNAVAILABLE'],
    ['a connection that took too long', Object.assign(new Error('slow'), { name: 'TimeoutError' }), 'lost', 'UNAVAILABLE'],
    ['our own limit', Object.assign(new Error('aborted by us'), { name: 'AbortError' }), 'lost', 'UNAVAILABLE'],
    ['a certificate', systemError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'refused', 'UNAVAILABLE'],
    ['a mistake of ours', new TypeError('x is not a function'), 'refused', 'INTERNAL'],
  ])('%s', (_, error, kind, code) => {
    expect(failureOf(error)).toMatchObject({ code, ...kinds[kind] })
  })

  it.each<[readonly (string | undefined)[], Kind, ErrorCode]>([
    [['None', 'TransactionConflict'], 'passing', 'CONFLICT'],
    [['ThrottlingError', 'None'], 'passing', 'UNAVAILABLE'],
    [['ProvisionedThroughputExceeded'], 'passing', 'UNAVAILABLE'],
    [['TransactionConflict', 'ValidationError'], 'refused', 'INTERNAL'],
    [['ItemCollectionSizeLimitExceeded'], 'refused', 'INTERNAL'],
    [[undefined], 'passing', 'CONFLICT'],
    [[], 'passing', 'CONFLICT'],
  ])('a transaction that was cancelled for %j', (codes, kind, code) => {
    expect(failureOf(cancelledFor(...codes))).toMatchObject({ code, ...kinds[kind] })
  })

  it.each<[Error, string]>([
    [serviceError('InternalServerError', 500), 'DynamoDB answered 500 InternalServerError'],
    [systemError('ECONNRESET', 'TimeoutError'), 'the connection to DynamoDB broke: connect ECONNRESET'],
    [systemError('ETIMEDOUT', 'TimeoutError'), 'DynamoDB did not answer in time'],
    [serviceError('ValidationException'), 'ValidationException: why'],
    [cancelledFor('ValidationError'), 'the transaction was cancelled: ValidationError'],
    [new SyntaxError('Unexpected token <\n  Deserialization error: to see the raw response, inspect …'), 'SyntaxError: Unexpected token <'],
  ])('is said in one line: %s', (error, reason) => {
    expect(failureOf(error).reason).toBe(reason)
  })
})
