import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { type ErrorCode, errnoOf, isNetworkError, isTlsError, messageOf } from '@registry/core'
import { isClockCorrected, nameOf, statusOf } from './answer.js'

/** What a failed request means. */
export interface Failure {
  readonly code: ErrorCode
  readonly reason: string
  /** The same request may do better in a moment. */
  readonly mayPass: boolean
  /** Nobody knows whether what it asked for has happened, or is about to. */
  readonly isLost: boolean
}

const refused = (code: ErrorCode, reason: string): Failure => ({ code, reason, mayPass: false, isLost: false })
const passing = (reason: string, code: ErrorCode = 'UNAVAILABLE'): Failure => ({ code, reason, mayPass: true, isLost: false })
const lost = (reason: string): Failure => ({ code: 'UNAVAILABLE', reason, mayPass: true, isLost: true })

const slower = passing('DynamoDB asks to slow down')
const late = lost('DynamoDB did not answer in time')
const another = passing('another transaction is at work on it', 'CONFLICT')

const byName: Readonly<Record<string, Failure>> = {
  ProvisionedThroughputExceededException: slower,
  ThrottlingException: slower,
  RequestLimitExceeded: slower,
  LimitExceededException: passing('DynamoDB is at work on too many tables'),
  TransactionConflictException: another,
  TransactionInProgressException: another,
  ReplicatedWriteConflictException: another,
  ResourceInUseException: passing('DynamoDB is at work on the table'),
  ContinuousBackupsUnavailableException: passing('DynamoDB is at work on the backups of the table'),
  ResourceNotFoundException: refused('UNAVAILABLE', 'the table is not there any more: start again, which makes a new one and fills it from storage'),
  AccessDeniedException: refused('ACCESS_DENIED', 'the credentials do not allow it'),
  UnrecognizedClientException: refused('ACCESS_DENIED', 'DynamoDB does not know the access key'),
  InvalidSignatureException: refused('ACCESS_DENIED', 'the secret key is not that of the access key'),
  ExpiredTokenException: refused('ACCESS_DENIED', 'the credentials have expired'),
  CredentialsProviderError: refused('ACCESS_DENIED', 'there are no credentials'),
  ItemCollectionSizeLimitExceededException: refused('LIMIT_EXCEEDED', 'the table has a local index, which bounds a partition to 10 GB'),
  TimeoutError: late,
  AbortError: late,
}

/** Reasons for which a transaction was cancelled that may pass. */
const passingReasons: Readonly<Record<string, Failure>> = {
  TransactionConflict: another,
  ThrottlingError: slower,
  ProvisionedThroughputExceeded: slower,
}

/** What a batch left undone is asked for again, later. */
export class UnprocessedError extends Error {
  override readonly name = 'ThrottlingException'
}

/** Never reached the other side. */
const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']

/** What it means that a request failed with `error`, if not that an expectation does not hold. */
export function failureOf(error: unknown): Failure {
  if (error instanceof TransactionCanceledException) return cancelled(error)
  if (isClockCorrected(error)) return passing('the clock of this machine is wrong')
  const status = statusOf(error) ?? 0
  const said = messageOf(error).replace(/\s*Deserialization error: to see.*/, '')
  if (isTlsError(error)) return refused('UNAVAILABLE', `TLS failed: ${said}`)
  if (unsent.includes(errnoOf(error))) return passing(`DynamoDB could not be reached: ${said}`)
  // By its name a connection that broke would be one that took too long.
  if (isNetworkError(error) && errnoOf(error) !== 'ETIMEDOUT') return lost(`the connection to DynamoDB broke: ${said}`)
  const known = byName[nameOf(error)]
  if (known) return known
  if (status >= 500) return lost(`DynamoDB answered ${status} ${nameOf(error)}`)
  // Half an answer is no JSON.
  if (status >= 200 && status < 300) return lost(`the answer of DynamoDB cannot be read: ${said}`)
  return refused('INTERNAL', [nameOf(error), said].filter((text) => text !== 'Error').join(': '))
}

function cancelled({ CancellationReasons: reasons = [] }: TransactionCanceledException): Failure {
  const codes = reasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None')
  const grave = codes.find((code) => !Object.hasOwn(passingReasons, code))
  if (grave !== undefined) return refused('INTERNAL', `the transaction was cancelled: ${grave}`)
  return passingReasons[codes[0] ?? ''] ?? another
}
