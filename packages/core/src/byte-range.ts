import type { ByteRange } from './driver.js'
import { RegistryError } from './errors.js'

/**
 * The bytes that `range` means in an object of `size` bytes: `end` clamped, all of them where there is no range.
 *
 * @throws `RANGE_INVALID` where it starts at or behind the end of the object, or does not end behind its own start
 * @throws TypeError where a number is not a whole one from 0 up
 */
export function resolveRange(range: ByteRange | undefined, size: number): {
  /** The first byte, zero-based. */
  readonly start: number
  /** One behind the last byte; `size` at the most. */
  readonly end: number
} {
  if (range === undefined) return { start: 0, end: size }
  const { start, end = size } = range
  for (const value of [start, end]) {
    if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`a range takes whole numbers from 0 up, got ${value}`)
  }
  if (start >= size || end <= start) {
    throw new RegistryError('RANGE_INVALID', `range ${start}-${range.end ?? ''} does not lie in an object of ${size} bytes`)
  }
  return { start, end: Math.min(end, size) }
}
