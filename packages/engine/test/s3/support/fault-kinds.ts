import type { Fault } from '@registry/services/s3-server'

export type S3Operation = NonNullable<Fault['operation']>

/** A way in which storage fails, and what has to come of it. */
export interface FaultKind {
  readonly name: string
  readonly fault: Fault
  /**
   * `each`: every request of the operation, the first time that it is sent. `nth`: one request, in as many runs as there are requests.
   * `from nth`: that one and all behind it. `all`: every one, again and again.
   */
  readonly strikes: 'each' | 'nth' | 'from nth' | 'all'
  /** `done`: the operation succeeds. `refused`: it does not, where the fault strikes before its answer. */
  readonly expected: 'done' | 'refused' | 'either'
  readonly retries: number
  readonly requestTimeout?: number
  /** Only requests of these operations can be struck so. */
  readonly only?: readonly S3Operation[]
}

const passing = { strikes: 'each', retries: 3, expected: 'done' } as const
const lasting = { retries: 0, expected: 'refused' } as const

export const faultKinds: readonly FaultKind[] = [
  { name: 'SlowDown', fault: { kind: 'error', code: 'SlowDown' }, ...passing },
  { name: 'InternalError', fault: { kind: 'error', code: 'InternalError' }, ...passing },
  { name: 'a reset in the middle of a request', fault: { kind: 'reset-request' }, ...passing },
  { name: 'a lost answer', fault: { kind: 'lost-answer' }, ...passing },
  { name: 'a request that hangs', fault: { kind: 'hang' }, ...passing, retries: 5, requestTimeout: 1500 },
  { name: 'slow bytes', fault: { kind: 'slow', milliseconds: 2 }, ...passing, strikes: 'all' },
  { name: 'a reset in the middle of an answer', fault: { kind: 'reset-response' }, ...passing, expected: 'either' },
  {
    name: 'an error in an answer of success',
    fault: { kind: 'error-in-success', code: 'InternalError' },
    ...passing,
    only: ['CompleteMultipartUpload', 'DeleteObjects'],
  },
  { name: 'one SlowDown too many', fault: { kind: 'error', code: 'SlowDown' }, ...lasting, strikes: 'nth' },
  { name: 'one lost answer too many', fault: { kind: 'lost-answer' }, ...lasting, strikes: 'nth' },
  { name: 'SlowDown for good', fault: { kind: 'error', code: 'SlowDown' }, ...lasting, strikes: 'from nth' },
  { name: 'InternalError for good', fault: { kind: 'error', code: 'InternalError' }, ...lasting, strikes: 'all' },
  { name: 'resets of requests for good', fault: { kind: 'reset-request' }, ...lasting, strikes: 'all' },
  { name: 'lost answers for good', fault: { kind: 'lost-answer' }, ...lasting, strikes: 'all' },
  { name: 'silence for good', fault: { kind: 'hang' }, ...lasting, strikes: 'all', requestTimeout: 1500 },
]

/** The fault, where it strikes from the `n`th request on. */
export function faultAt({ fault, strikes, only }: FaultKind, n: number): Fault {
  const sent = new Set<string | undefined>()
  // The SDK says of each attempt which request it is of.
  const isNew = (id: string | undefined): boolean => !sent.has(id) && sent.add(id).size > 0
  switch (strikes) {
    case 'nth':
      return { ...fault, nth: n }
    case 'from nth':
    case 'all':
      return { ...fault, nth: n, times: Infinity }
    case 'each':
      return { ...fault, times: Infinity, matches: ({ operation, headers }) => only?.includes(operation) !== false && isNew(headers['amz-sdk-invocation-id']) }
  }
}
