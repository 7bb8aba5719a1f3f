import { type Change, type EntryKey, isAsExpected, newRevision, RegistryError, type SizedChange } from '@registry/core'
import type { Database } from './database.js'
import { forceSync } from './durability.js'
import type { RecentRows } from './recent-rows.js'
import { keptText } from './search-terms.js'
import type { Commit } from './shared-commits.js'
import type { CurrentRow, Statements } from './statements.js'

/** What became of a commit: what it answers with, and whether it wrote anything; or the first expectation that did not hold. */
export type Outcome = { readonly revisions: readonly (string | undefined)[]; readonly wrote: boolean } | { readonly conflict: RegistryError }

/** Applies commits one after the other, each or none of it. To be called inside of a write transaction. */
export function applyCommits(database: Database, statements: Statements, commits: readonly Commit[]): readonly Outcome[] {
  const outcomes = commits.map(({ changes }) => applyChanges(statements, changes))
  const wrote = outcomes.some((outcome) => 'wrote' in outcome && outcome.wrote)
  if (!wrote && outcomes.some((outcome, n) => 'revisions' in outcome && commits[n]!.durable)) forceSync(database)
  return outcomes
}

/** Keeps what is in the database now: what a client has written is often what its next request reads. */
export function keepCommitted(recent: RecentRows, commits: readonly Commit[], outcomes: readonly Outcome[]): void {
  for (const [n, outcome] of outcomes.entries()) {
    if ('conflict' in outcome) continue
    for (const [m, { change: { op, key }, json }] of commits[n]!.changes.entries()) {
      if (op === 'put') recent.set(key.partition, { sort: key.sort, value: json, revision: outcome.revisions[m]! })
      else if (op === 'delete') recent.forget(key)
    }
  }
}

/** Checks every expectation in order; where all hold, applies every change. */
function applyChanges(statements: Statements, changes: readonly SizedChange[]): Outcome {
  const current: (CurrentRow | undefined)[] = []
  for (const { change: { key, expect } } of changes) {
    const row = statements.current.get(key.partition, key.sort)
    if (!isAsExpected(expect, row)) return { conflict: conflict(key) }
    current.push(row)
  }
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
      applyText(statements, change.key, null, current)
      statements.remove.run(partition, sort)
      return undefined
    case 'put': {
      const text = change.text === undefined ? null : keptText(change.text)
      const searchId = applyText(statements, change.key, text, current)
      const revision = newRevision()
      statements.put.run(partition, sort, revision, searchId, text, json)
      return revision
    }
  }
}

/** Has search find the entry by this text, and no longer by the one that it had. Returns its id there. */
function applyText(statements: Statements, { partition, sort }: EntryKey, text: string | null, current: CurrentRow | undefined): number | bigint | null {
  const { search_id: id, text: before } = current ?? { search_id: null, text: null }
  if (before === text) return id
  if (before !== null) statements.removeTrigrams.run(id, before)
  if (text === null) {
    statements.removeSearchable.run(id)
    return null
  }
  const kept = id ?? statements.addSearchable.run(partition, sort).lastInsertRowid
  statements.addTrigrams.run(kept, text)
  return kept
}

function conflict(key: EntryKey): RegistryError {
  return new RegistryError('CONFLICT', `${key.partition} ${key.sort} is not as expected`, { driver: 'sqlite', operation: 'commit', key })
}
