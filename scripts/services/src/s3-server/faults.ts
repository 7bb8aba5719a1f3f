import type { Operation, S3Request } from './parse-request.js'
import type { S3ErrorCode } from './s3-error.js'

export type FaultEffect =
  /** Nothing is done, and the answer is this error: SlowDown, InternalError, AccessDenied and so on. */
  | { readonly kind: 'error'; readonly code: S3ErrorCode; readonly headers?: Readonly<Record<string, string>> }
  /** Nothing is done, and the answer is a status of success with an error in its body, as S3 does with CompleteMultipartUpload. */
  | { readonly kind: 'error-in-success'; readonly code: S3ErrorCode }
  /** The connection is reset after this many bytes of the request's body, half of it unless told. Nothing is done. */
  | { readonly kind: 'reset-request'; readonly after?: number }
  /** It is done, and the connection is reset after this many bytes of the answer's body, half of it unless told. */
  | { readonly kind: 'reset-response'; readonly after?: number }
  /** It is done, with a pause before each so many bytes of either body, and before the answer. */
  | { readonly kind: 'slow'; readonly milliseconds: number; readonly bytes?: number }
  /** It is done, and the connection is reset before anything of the answer. */
  | { readonly kind: 'lost-answer' }
  /** Nothing is done, and no answer comes. */
  | { readonly kind: 'hang' }

export type Fault = FaultEffect & {
  /** Any, unless told. */
  readonly operation?: Operation
  readonly matches?: (request: S3Request) => boolean
  /** It strikes from the n-th such request on, counted from 1 since it was injected. The first unless told. */
  readonly nth?: number
  /** How many requests in a row it strikes. One unless told. */
  readonly times?: number
}

/** A fault that was injected. */
export interface InjectedFault {
  /** How many requests it struck. */
  readonly struck: number
  /** It strikes no more. */
  remove(): void
}

export class Faults {
  readonly #faults = new Set<{ readonly fault: Fault; seen: number; struck: number }>()

  inject(fault: Fault): InjectedFault {
    const injected = { fault, seen: 0, struck: 0 }
    const faults = this.#faults.add(injected)
    return {
      get struck(): number {
        return injected.struck
      },
      remove: () => void faults.delete(injected),
    }
  }

  /** The fault that strikes this request: where there are several, the one that was injected first. All of them count it. */
  strike(request: S3Request): Fault | undefined {
    let striking: Fault | undefined
    for (const injected of this.#faults) {
      const { fault } = injected
      if ((fault.operation ?? request.operation) !== request.operation || fault.matches?.(request) === false) continue
      injected.seen += 1
      const { nth = 1, times = 1 } = fault
      if (striking || injected.seen < nth || injected.seen >= nth + times) continue
      injected.struck += 1
      striking = fault
    }
    return striking
  }
}
