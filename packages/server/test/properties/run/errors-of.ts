import type { Answer } from '../model/exchange.js'

export interface ToldError {
  readonly code: string
  readonly message: string
  readonly detail?: unknown
}

/** The errors of an answer, or in words why it is none of the form that the specification gives. */
export function errorsOf({ headers, body }: Answer): readonly ToldError[] | string {
  const type = headers['content-type']?.join()
  if (type !== 'application/json') return `an error has the content-type ${String(type)}: ${body.toString('latin1').slice(0, 200)}`
  const text = body.toString()
  try {
    const errors: unknown = (JSON.parse(text) as { errors?: unknown } | null)?.errors
    return Array.isArray(errors) && errors.length > 0 && errors.every(isError) ? errors : `errors are not of the form: ${text.slice(0, 200)}`
  } catch {
    return `an error is no JSON: ${text.slice(0, 200)}`
  }
}

function isError(value: unknown): value is ToldError {
  const { code, message } = (value ?? {}) as { code?: unknown; message?: unknown }
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) && typeof message === 'string'
}
