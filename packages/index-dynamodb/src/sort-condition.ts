import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { compareUtf8, prefixEnd, type SortRange } from '@registry/core'

/** The most bytes of a sort key, and of a bound for one. */
const sortBytes = 1024

/** What DynamoDB is told of a range. It may let some keys at its ends through that are not in it. */
export interface SortCondition {
  /** A condition for the key, which begins with ` AND `, or nothing. */
  readonly expression: string
  readonly values: Readonly<Record<string, AttributeValue.SMember>>
  /** How many keys it lets through by rule that are not in the range: its bounds themselves. */
  readonly strangers: number
}

/** The condition of a range; `undefined` where no key can be in it. */
export function sortCondition({ after = '', before, prefix = '' }: SortRange): SortCondition | undefined {
  if (Buffer.byteLength(prefix) > sortBytes) return undefined
  const ends = [before, prefixEnd(prefix)].filter((text) => text !== undefined).sort(compareUtf8)
  const [from, end] = [compareUtf8(after, prefix) > 0 ? after : prefix, ends[0]]
  if (end !== undefined && compareUtf8(from, end) >= 0) return undefined
  // A bound that no key can reach is cut off, and then stands before keys that are behind it, or behind keys that are before it.
  const low = beginning(from)
  const high = end === undefined || end === beginning(end) ? end : boundBehind(beginning(end))
  const strangers = [after !== '', end !== undefined].filter(Boolean).length
  if (low === '' && high === undefined) return { expression: '', values: {}, strangers }
  if (high === undefined) return { expression: ' AND #sort >= :low', values: { ':low': { S: low } }, strangers }
  if (low === '') return { expression: ' AND #sort <= :high', values: { ':high': { S: high } }, strangers }
  return { expression: ' AND #sort BETWEEN :low AND :high', values: { ':low': { S: low }, ':high': { S: high } }, strangers }
}

/** As many whole characters of a text as a sort key has room for. */
function beginning(text: string): string {
  if (Buffer.byteLength(text) <= sortBytes) return text
  let bytes = 0
  const characters: string[] = []
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > sortBytes) break
    characters.push(character)
  }
  return characters.join('')
}

/** A bound behind every key that begins so; `undefined` where there is none. */
function boundBehind(text: string): string | undefined {
  const end = prefixEnd(text)
  // The next character may have a byte more than the one that it follows.
  return end === undefined || Buffer.byteLength(end) <= sortBytes ? end : boundBehind(Array.from(text).slice(0, -1).join(''))
}
