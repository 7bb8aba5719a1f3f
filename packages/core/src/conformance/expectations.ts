import type { ErrorCode } from '../error-codes.js'
import { RegistryError } from '../errors.js'

/** A clause that does not hold, in words. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
}

/** `what: expected …, got …` unless both are the same JSON. */
export function expectEqual(what: string, got: unknown, expected: unknown): void {
  const [left, right] = [show(got), show(expected)]
  if (left !== right) throw new ConformanceError(`${what}: expected ${right}, got ${left}`)
}

/** `what: expected …, got …` unless `holds`. */
export function expectThat(what: string, holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new ConformanceError(`${what}: expected ${expected}, got ${show(got)}`)
}

/** The error of `code` that `promise` has to reject with. */
export async function expectCode(what: string, code: ErrorCode, promise: Promise<unknown>): Promise<RegistryError> {
  const error = await expectRejection(what, code, promise)
  if (!RegistryError.is(error, code)) throw new ConformanceError(`${what}: expected ${code}, got ${show(error)}`, { cause: error })
  return error
}

/** Whatever `promise` has to reject with, which must be `reason` itself. */
export async function expectReason(what: string, reason: unknown, promise: Promise<unknown>): Promise<void> {
  const error = await expectRejection(what, show(reason), promise)
  if (error !== reason) throw new ConformanceError(`${what}: expected to reject with ${show(reason)} itself, got ${show(error)}`)
}

async function expectRejection(what: string, expected: string, promise: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error
  }
  throw new ConformanceError(`${what}: expected ${expected}, got no error but ${show(value)}`)
}

function show(value: unknown): string {
  if (RegistryError.is(value)) return `${value.code} (${value.message})`
  if (value instanceof Error) return `${value.name} (${value.message})`
  const text = value === undefined ? 'undefined' : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text
}
