import type { IndexLimits } from '../../capabilities.js'
import type { Entry, PutChange } from '../../index-store.js'
import { expectEqual } from '../expectations.js'
import { numbered, put } from './facts.js'

/** Entries that are together larger than what backends answer with at once, which is often 1 MB or 16 MB. */
export function large(limits: IndexLimits): readonly PutChange[] {
  const length = Math.min(limits.valueBytes - 100, 300_000)
  return numbered(60).map((sort) => put(sort, sort.padEnd(length, '.')))
}

/** Compares them by sort key and length, so that a message stays short. */
export function expectLarge(what: string, found: readonly (Entry | undefined)[], expected: readonly PutChange[]): void {
  expectEqual(what, found.map((entry) => entry && summary(entry)), expected.map(summary))
}

function summary({ key, value }: Pick<Entry, 'key' | 'value'>): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `${key.sort}: ${text.slice(0, 7)} and ${text.length} characters`
}
