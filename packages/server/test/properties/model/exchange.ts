import type { State } from './state.js'

/** What is sent. The path is raw, query and all. */
export interface Request {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
  /** Without Content-Length. */
  readonly chunked: boolean
}

/** What came back. */
export interface Answer {
  readonly status: number
  /** Each header with all its values. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly body: Buffer
}

export interface ExpectedError {
  readonly code: string
  /** One of these has to be in the detail, as JSON. */
  readonly names?: readonly string[]
}

/** A path and its query. */
export interface Link {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/** What the model says that a registry answers. */
export interface Expected {
  readonly status: number
  /** Of those headers that are compared: any that is not here has to be absent. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** Where it is refused: the errors of the body. */
  readonly errors?: readonly ExpectedError[]
  /** The next page. */
  readonly link?: Link | undefined
  /** Exact bytes, or a value of JSON. */
  readonly body?: Buffer | { readonly json: unknown }
  /** Of which repository it tells a new session. */
  readonly newSession?: string
  /** What the registry holds then. */
  readonly next: (answer: Answer) => State
}
