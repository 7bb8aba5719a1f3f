import type { CaseResult } from '@registry/core/conformance'
import { visibleText } from '@registry/engine'
import { fitting } from '../fitting.js'

const marks: Readonly<Record<CaseResult['outcome'], string>> = { passed: 'ok', failed: 'FAILED', deviates: 'deviates' }
const indent = ' '.repeat(10)

/** The method that a clause is about: `put` of `put/empty`. */
export function methodOf({ id }: Pick<CaseResult, 'id'>): string {
  return id.slice(0, id.indexOf('/'))
}

/** What a report says of a clause: what became of it, its time, its id and its words; and why it does not hold, or deviates. */
export function linesOf({ id, clause, outcome, milliseconds, message }: CaseResult, { columns = Infinity }: { readonly columns?: number | undefined }): readonly string[] {
  const time = `${Math.round(milliseconds)} ms`
  const line = `${marks[outcome].padEnd(indent.length)}${time.padStart(9)}  ${id}: ${clause}`
  const reasons = message === undefined ? [] : message.split('\n').map((text) => `${indent}${visibleText(text)}`)
  return [fitting(line, columns), ...reasons]
}
