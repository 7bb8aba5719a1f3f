import type { Expectation } from './index-store.js'

/** Whether an entry is as a change expects it; `undefined` stands for an absent entry, and for a change that expects nothing. */
export function isAsExpected(expect: Expectation | undefined, found: { readonly revision: string } | undefined): boolean {
  if (expect === undefined) return true
  if (expect === 'absent') return found === undefined
  if (expect === 'present') return found !== undefined
  return found?.revision === expect.revision
}
