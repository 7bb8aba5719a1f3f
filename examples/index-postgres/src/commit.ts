import { checkChanges, foldText, newRevision, RegistryError } from '@registry/core'
import type { Change, CommitOptions, Expectation, IndexLimits } from '@registry/core'
import type { Query } from './connections.js'
import { placeOf } from './place.js'
import { storableText } from './storable-text.js'

/** A commit as the function `apply_changes` takes it. */
export interface PreparedCommit {
  readonly changes: readonly Change[]
  readonly revisions: readonly (string | undefined)[]
  readonly token: string
  readonly columns: readonly (readonly unknown[])[]
}

/** Checks the changes, and copies what the caller may change later. */
export function prepareCommit(changes: readonly Change[], limits: IndexLimits, options: CommitOptions): PreparedCommit {
  const sized = checkChanges(changes, limits, options)
  const revisions = sized.map(({ change }) => (change.op === 'put' ? newRevision() : undefined))
  const columns = [
    sized.map(({ change }) => change.op),
    sized.map(({ change }) => placeOf(change.key.partition)),
    sized.map(({ change }) => change.key.partition),
    sized.map(({ change }) => change.key.sort),
    sized.map(({ change }) => expectationText(change.expect)),
    revisions,
    sized.map(({ change, json }) => (change.op === 'put' ? json : undefined)),
    sized.map(({ change }) => (change.op === 'put' && change.text !== undefined ? storableText(foldText(change.text)) : undefined)),
  ]
  return { changes: sized.map(({ change }) => ({ ...change, key: { ...change.key } })), revisions, token: newRevision(), columns }
}

/**
 * Sends a commit. Sent again, it is recognised.
 *
 * @throws `CONFLICT` where an expectation does not hold
 */
export async function sendCommit(
  query: Query, schema: string, commit: PreparedCommit, isDurable: boolean, isRepeated: boolean,
): Promise<readonly (string | undefined)[]> {
  const text = `SELECT ${schema}.apply_changes($1, $2, $3, $4::text[], $5::bytea[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[]) AS outcome`
  const [row] = await query<{ readonly outcome: number }>(text, [commit.token, isRepeated, isDurable, ...commit.columns])
  const conflict = commit.changes[(row?.outcome ?? 0) - 1]
  if (!conflict) return commit.revisions
  const { partition, sort } = conflict.key
  throw new RegistryError('CONFLICT', `the entry ${sort} of ${partition} is not as expected; read it and try again`, {
    driver: 'postgres', operation: 'commit', key: conflict.key,
  })
}

/** A revision that no index of this kind gives out fits no entry, and may have characters that PostgreSQL refuses. */
function expectationText(expect: Expectation | undefined): string | undefined {
  if (expect === undefined || typeof expect === 'string') return expect
  return /^[\w-]+$/.test(expect.revision) ? `=${expect.revision}` : '='
}
