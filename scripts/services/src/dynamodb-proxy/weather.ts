import { canStrike, type Choose, type FaultEffect } from './faults.js'

/** Faults by chance. */
export interface Weather {
  /** Of a fault for each request, from 0 to 1. */
  readonly probability: number
  /** What may happen, each as likely. All that ends by itself unless told. */
  readonly kinds?: readonly FaultEffect[]
  /** From 0 up to 1, as `Math.random` unless told. */
  readonly random?: () => number
}

const usual: readonly FaultEffect[] = [
  { kind: 'reset' },
  { kind: 'lost-answer' },
  { kind: 'cut-answer' },
  { kind: 'delay', milliseconds: 20 },
  { kind: 'late', milliseconds: 20 },
  { kind: 'error', code: 'InternalServerError' },
  { kind: 'error', code: 'InternalServerError', applied: true },
  { kind: 'error', code: 'ServiceUnavailable' },
  { kind: 'error', code: 'ProvisionedThroughputExceededException' },
  { kind: 'error', code: 'ThrottlingException' },
  { kind: 'error', code: 'RequestLimitExceeded' },
  { kind: 'not-json', status: 502 },
  { kind: 'conflict' },
  { kind: 'partial-batch' },
]

export function chooseByChance({ probability, kinds = usual, random = Math.random }: Weather): Choose {
  return (request) => {
    if (random() >= probability) return undefined
    const possible = kinds.filter((effect) => canStrike(effect, request))
    return possible[Math.floor(random() * possible.length)]
  }
}
