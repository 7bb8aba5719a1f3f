import type { ErrorCode } from './answer.js'
import { isBatch } from './partial-batch.js'
import type { DynamodbRequest } from './parse-request.js'

/** What happens to a request. */
export type FaultEffect =
  /** It is not forwarded, and its connection is reset. */
  | { readonly kind: 'reset' }
  /** It is done, and the connection is reset before anything of the answer. */
  | { readonly kind: 'lost-answer' }
  /** It is done, and the connection ends after the headers and this many bytes of the answer's body, half of it unless told. */
  | { readonly kind: 'cut-answer'; readonly after?: number }
  /** It waits so long, or until it is released, to be forwarded, or for its answer. A client that goes away meanwhile takes nothing back. */
  | { readonly kind: 'delay'; readonly milliseconds?: number; readonly before?: 'request' | 'answer' }
  /** Its connection is reset, and it is forwarded so long after that, or when it is released. */
  | { readonly kind: 'late'; readonly milliseconds?: number }
  /** It is not forwarded, and no answer comes. */
  | { readonly kind: 'hang' }
  /** It is answered with this error, and not forwarded, unless it is to be done all the same. */
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly applied?: boolean }
  /** It is not forwarded. A transaction is cancelled for this reason by one of its items, the first unless told; another write is refused. */
  | { readonly kind: 'conflict'; readonly item?: number; readonly reason?: 'TransactionConflict' | 'ThrottlingError' | 'ProvisionedThroughputExceeded' }
  /** Of a batch, so many items are forwarded, half of them unless told, and the others are answered as unprocessed. Strikes batches alone. */
  | { readonly kind: 'partial-batch'; readonly done?: number }
  /** It is not forwarded, and answered with a page for people. */
  | { readonly kind: 'not-json'; readonly status?: 200 | 502 }

export type Fault = FaultEffect & {
  /** Any, unless told. */
  readonly operation?: string
  /** A table that the request names. Any, unless told. */
  readonly table?: string
  readonly matches?: (request: DynamodbRequest) => boolean
  /** It strikes from the n-th such request on, counted from 1 since it was injected. The first unless told. */
  readonly nth?: number
  /** How many requests in a row it strikes. One unless told. */
  readonly times?: number
}

/** A fault that was injected. */
export interface InjectedFault {
  /** How many requests it struck. */
  readonly struck: number
  /** It strikes no more. What it holds stays held. */
  remove(): void
  /** Lets go of what it holds, and holds nothing any more. Resolves once DynamoDB has answered all that it held. */
  release(): Promise<void>
}

/** What struck a request. */
export interface Strike {
  readonly effect: FaultEffect
  readonly released: Promise<void>
  /** Makes `release` wait for this too. */
  hold(work: Promise<unknown>): void
}

/** The effect that a request is to suffer, if any. */
export type Choose = (request: DynamodbRequest) => FaultEffect | undefined

interface Source extends Omit<Strike, 'effect'> {
  readonly choose: Choose
  struck: number
}

export class Faults {
  readonly #sources = new Set<Source>()

  inject(fault: Fault): InjectedFault {
    let seen = 0
    return this.add((request) => {
      const { operation = request.operation, table, matches, nth = 1, times = 1 } = fault
      if (operation !== request.operation || (table !== undefined && !request.tables.includes(table))) return undefined
      if (!canStrike(fault, request) || matches?.(request) === false) return undefined
      seen += 1
      return seen >= nth && seen < nth + times ? fault : undefined
    })
  }

  add(choose: Choose): InjectedFault {
    let release = (): void => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const held = new Set<Promise<unknown>>()
    const hold = (work: Promise<unknown>): void => {
      held.add(work)
      const drop = (): void => void held.delete(work)
      work.then(drop, drop)
    }
    const source = { choose, struck: 0, released, hold }
    const sources = this.#sources.add(source)
    return {
      get struck(): number {
        return source.struck
      },
      remove: () => void sources.delete(source),
      async release(): Promise<void> {
        release()
        await Promise.allSettled(held)
      },
    }
  }

  /** What strikes this request: where there are several, the one that was injected first. All of them count it. */
  strike(request: DynamodbRequest): Strike | undefined {
    let strike: Strike | undefined
    for (const source of this.#sources) {
      const effect = source.choose(request)
      if (strike || !effect) continue
      source.struck += 1
      strike = { effect, released: source.released, hold: source.hold }
    }
    return strike
  }

  clear(): void {
    this.#sources.clear()
  }
}

const conflicting = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems', 'TransactGetItems']

/** Whether such a request can suffer it at all. */
export function canStrike({ kind }: FaultEffect, { operation }: DynamodbRequest): boolean {
  if (kind === 'partial-batch') return isBatch(operation)
  return kind !== 'conflict' || conflicting.includes(operation)
}
