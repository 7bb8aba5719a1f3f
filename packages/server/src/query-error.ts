/** A parameter of a query that makes no sense. Neither the specification nor the engine has a code for that. */
export class QueryError extends Error {
  override readonly name = 'QueryError'

  constructor(
    /** As the answer has it. */
    readonly code: 'PAGINATION_NUMBER_INVALID' | 'UNSUPPORTED',
    message: string,
  ) {
    super(message)
  }
}
