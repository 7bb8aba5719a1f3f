import { isBoxedPrimitive, isDate } from 'node:util/types'
import type { ErrorCode } from '../error-codes.js'
import { RegistryError } from '../errors.js'

/** How long a store may take to reject a call. */
const patienceSeconds = 10

/** A clause that does not hold, in words. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
}

/** `what: expected …, got …` unless both are the same JSON, and what is a date, a bigint or no finite number in one is so in the other. */
export function expectEqual(what: string, got: unknown, expected: unknown): void {
  const [left, right] = [asText(got), asText(expected)]
  if (left === right) return
  const where = Math.max(left.length, right.length) > shownCharacters ? `; they part at character ${firstDifference(left, right)}` : ''
  throw new ConformanceError(`${what}: expected ${cut(right)}, got ${cut(left)}${where}`)
}

/** `what: expected …, got …` unless `holds`. */
export function expectThat(what: string, holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new ConformanceError(`${what}: expected ${expected}, got ${inWords(got)}`)
}

/** `what: expected …, got …` unless both have the same bytes. */
export function expectBytes(what: string, got: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(got, expected) === 0) return
  const first = expected.findIndex((byte, index) => byte !== got[index])
  const where = first < 0 ? 'the first ones equal' : `different from byte ${first} on`
  throw new ConformanceError(`${what}: expected ${expected.byteLength} bytes, got ${got.byteLength}, ${where}`)
}

/** The error of `code` that `promise` has to reject with. */
export async function expectCode(what: string, code: ErrorCode, promise: Promise<unknown>): Promise<RegistryError> {
  const error = await expectRejection(what, code, promise)
  if (!RegistryError.is(error, code)) throw new ConformanceError(`${what}: expected ${code}, got ${inWords(error)}`, { cause: error })
  return error
}

/** Whatever `promise` has to reject with, which must be `reason` itself. */
export async function expectReason(what: string, reason: unknown, promise: Promise<unknown>): Promise<void> {
  const error = await expectRejection(what, inWords(reason), promise)
  if (error !== reason) throw new ConformanceError(`${what}: expected to reject with ${inWords(reason)} itself, got ${inWords(error)}`)
}

/** The `TypeError` that `promise` has to reject with, for a mistake of the caller. */
export async function expectTypeError(what: string, promise: Promise<unknown>): Promise<void> {
  const error = await expectRejection(what, 'a TypeError', promise)
  // By name: a test runner may have classes of its own in each of its realms.
  if (!(error instanceof Error) || error.name !== 'TypeError') throw new ConformanceError(`${what}: expected a TypeError, got ${inWords(error)}`, { cause: error })
}

/** What `error` means that a case did not foresee: a call failed that is to work, or a member is missing. */
export function expectedNoError({ id, clause }: { readonly id: string; readonly clause: string }, error: unknown): ConformanceError {
  return new ConformanceError(`${id}: expected no error, got ${inWords(error)}; the clause is: ${clause}`, { cause: error })
}

/** What `promise` resolves to, as long as a store may take for it. */
export async function expectAnswer<Answer>(what: string, promise: Promise<Answer>, seconds: number = patienceSeconds): Promise<Answer> {
  return withinPatience(what, 'an answer', promise, seconds)
}

/** Tries until `attempt` holds: what a store has to do at once, but can show only when its clock has gone on. */
export async function expectSoon(what: string, expected: string, attempt: () => Promise<boolean>): Promise<void> {
  const patience = { isOver: false }
  const timer = setTimeout(() => {
    patience.isOver = true
  }, patienceSeconds * 1000)
  try {
    // However slow the store is, it gets several attempts.
    for (let attempts = 1; !(await attempt()); attempts++) {
      if (patience.isOver && attempts > 2) throw new ConformanceError(`${what}: expected ${expected} within ${patienceSeconds} seconds, got none in ${attempts} attempts`)
      await new Promise(setImmediate)
    }
  } finally {
    clearTimeout(timer)
  }
}

async function expectRejection(what: string, expected: string, promise: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await withinPatience(what, expected, promise)
  } catch (error) {
    if (error instanceof ConformanceError) throw error
    return error
  }
  throw new ConformanceError(`${what}: expected ${expected}, got no error but ${inWords(value)}`)
}

/** A store that never answers is to fail its case in words, with any runner and with none. */
async function withinPatience<Answer>(what: string, expected: string, promise: Promise<Answer>, seconds = patienceSeconds): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const impatience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ConformanceError(`${what}: expected ${expected}, got no answer within ${seconds} seconds`))
    }, seconds * 1000)
  })
  try {
    return await Promise.race([promise, impatience])
  } finally {
    clearTimeout(timer)
  }
}

const shownCharacters = 300

/** A value as messages show it: an error by its code or name, what is long by its beginning. */
export function inWords(value: unknown): string {
  return cut(asText(value))
}

function asText(value: unknown): string {
  if (RegistryError.is(value)) return `${value.code} (${value.message})`
  if (value instanceof Error) return `${value.name} (${value.message})`
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return String(value)
  return JSON.stringify(value, function (this: Record<string, unknown>, name, part: unknown) {
    // What JSON makes a text or null of is not to pass for one.
    const whole = this[name]
    if (typeof whole === 'bigint') return `${whole}n`
    if (typeof whole === 'number' && !Number.isFinite(whole)) return `the number ${whole}`
    if (isDate(whole)) return `the date ${Number.isNaN(whole.getTime()) ? 'that is invalid' : whole.toISOString()}`
    return isBoxedPrimitive(whole) ? `the wrapper of ${String(whole)}` : part
  })
}

function cut(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}… (${text.length} characters)` : text
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < Math.min(a.length, b.length) && a[at] === b[at]) at++
  return at
}
