import { prefixEnd } from '@registry/core'
import type { SortRange } from '@registry/core'
import type { Conditions } from './conditions.js'

/** Adds what a scan wants of the sort keys, as bounds that PostgreSQL can look up in an index. */
export function addSortBounds(conditions: Conditions, { after, before, prefix }: SortRange): void {
  if (after) addBound(conditions, after, '>', '>')
  if (before !== undefined) addBound(conditions, before, '<', '<=')
  if (!prefix) return
  if (prefix.includes('\0')) {
    conditions.add('false')
    return
  }
  conditions.add(`sort >= ${conditions.value(prefix)}`)
  const end = prefixEnd(prefix)
  if (end !== undefined) conditions.add(`sort < ${conditions.value(end)}`)
}

/** PostgreSQL takes no NUL. No sort key has one either, so a bound with a NUL lies right behind what stands before it. */
function addBound(conditions: Conditions, bound: string, operator: string, operatorOfCut: string): void {
  const cut = bound.indexOf('\0')
  conditions.add(`sort ${cut < 0 ? operator : operatorOfCut} ${conditions.value(cut < 0 ? bound : bound.slice(0, cut))}`)
}
