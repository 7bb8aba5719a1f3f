import { type Change, type EntryKey, foldText, isAsExpected, newRevision, RegistryError, type SizedChange } from '@registry/core'
import type { CurrentRow, Statements } from './statements.js'

/** What a commit answers with, and whether it wrote anything. */
export interface Applied {
  readonly revisions: readonly (string | undefined)[]
  readonly wrote: boolean
}

/**
 * Checks every expectation in order, then applies every change. To be called inside of a write transaction.
 *
 * @throws `CONFLICT` at the first expectation that does not hold
 */
export function applyChanges(statements: Statements, changes: readonly SizedChange[]): Applied {
  const current = changes.map(({ change: { key, expect } }) => {
    const row = statements.current.get(key.partition, key.sort)
    if (!isAsExpected(expect, row)) throw conflict(key)
    return row
  })
  const revisions = changes.map(({ change, json }, number) => apply(statements, change, json, current[number]))
  const wrote = changes.some(({ change }, number) => change.op === 'put' || (change.op === 'delete' && current[number] !== undefined))
  return { revisions, wrote }
}

function apply(statements: Statements, change: Change, json: string, current: CurrentRow | undefined): string | undefined {
  const { partition, sort } = change.key
  switch (change.op) {
    case 'check':
      return undefined
    case 'delete':
      if (current === undefined) return undefined
      applyText(statements, change.key, undefined, current)
      statements.remove.run(partition, sort)
      return undefined
    case 'put': {
      const searchId = applyText(statements, change.key, change.text, current)
      const revision = newRevision()
      statements.put.run(partition, sort, json, revision, searchId)
      return revision
    }
  }
}

/** Puts, changes or removes the row of the search table, and returns its id. */
function applyText(statements: Statements, { partition, sort }: EntryKey, text: string | undefined, current: CurrentRow | undefined): number | bigint | null {
  const searchId = current?.search_id ?? null
  if (text === undefined) {
    if (searchId !== null) statements.removeText.run(searchId)
    return null
  }
  if (searchId === null) return statements.addText.run(partition, sort, foldText(text)).lastInsertRowid
  statements.changeText.run(foldText(text), searchId)
  return searchId
}

function conflict(key: EntryKey): RegistryError {
  return new RegistryError('CONFLICT', `${key.partition} ${key.sort} is not as expected`, { driver: 'sqlite', operation: 'commit', key })
}
