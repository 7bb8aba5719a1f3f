import type { Expected, ExpectedError } from './exchange.js'
import type { State } from './state.js'

/** A refusal: nothing changes. */
export function refused(state: State, status: number, code: string, more: Partial<Expected> & { readonly errors?: readonly ExpectedError[] } = {}): Expected {
  return { status, headers: {}, errors: [{ code }], next: () => state, ...more }
}

export function answered(state: State, status: number, headers: Expected['headers'] = {}, more: Partial<Expected> = {}): Expected {
  return { status, headers, next: () => state, ...more }
}
