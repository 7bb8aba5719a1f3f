import { setTimeout as sleep } from 'node:timers/promises'
import { type Change, type CommitOptions, RegistryError } from '@registry/core'
import { rowKeys } from '../keyspace.js'
import { putRow, readRow, type Row } from '../row-store.js'
import type { Rebuild } from '../rows.js'
import { progressOf } from './progress.js'
import type { RebuildContext } from './rebuild-context.js'

/** That this process is the one that rebuilds. */
export interface Hold extends AsyncDisposable {
  readonly state: Rebuild
  /**
   * Commits changes together with the rebuild's row, expecting it as this process left it: who was taken for dead, and
   * replaced, puts no row over one that has moved on since.
   *
   * @throws `CONFLICT` where another process has taken over
   */
  commit(changes: readonly Change[], patch?: Partial<Rebuild>, options?: CommitOptions): Promise<void>
}

/**
 * Waits until the rebuild is this process's to do, or done.
 * A process that moves the row for the trust time no more is taken for dead, by a clock of one's own.
 *
 * @param holder - names this process
 * @returns `undefined` where it is done
 */
export async function takeHold(context: RebuildContext, holder: string): Promise<Hold | undefined> {
  const { index, policy, monotonic, signal, exclusive, onProgress } = context
  const key = rowKeys.rebuild()
  for (let seen: { readonly revision: string; readonly since: number } | undefined; ; ) {
    const row = await readRow(index, key, { signal })
    if (row === undefined) throw new RegistryError('CONFIG', 'the index does not know any more that it is being rebuilt')
    if (row.value.state === 'complete') return undefined
    if (seen?.revision !== row.revision) seen = { revision: row.revision, since: monotonic() }
    const isMine = exclusive || row.value.holder === undefined || row.value.holder === holder
    if (isMine || monotonic() - seen.since >= policy.ownershipTrustMilliseconds) {
      const hold = await takeOver(context, { ...row.value, holder }, row)
      if (hold) return hold
    }
    onProgress(progressOf(row.value))
    await sleep(policy.ownershipCheckMilliseconds / 5, undefined, { signal })
  }
}

/** @returns `undefined` where another process was faster */
async function takeOver({ index, policy, signal }: RebuildContext, taken: Rebuild, expected: Row<Rebuild>): Promise<Hold | undefined> {
  const key = rowKeys.rebuild()
  let state = taken
  let row: { readonly revision: string }
  try {
    row = { revision: (await index.commit([putRow(key, state, expected)], { signal }))[0]! }
  } catch (error) {
    if (RegistryError.is(error, 'CONFLICT')) return undefined
    throw error
  }

  // One commit after the other: each expects the revision of the one before.
  let last: Promise<unknown> = Promise.resolve()
  const commit = (changes: readonly Change[], patch: Partial<Rebuild> = {}, options?: CommitOptions): Promise<void> => {
    const next = last.then(async () => {
      const patched = { ...state, ...patch }
      const [revision] = await index.commit([putRow(key, patched, row), ...changes], { ...options, signal })
      state = patched
      row = { revision: revision! }
    })
    last = next.catch(() => {})
    return next
  }
  // Says that this process is alive. Where that fails, the next commit that matters fails as well, and says why.
  const beat = setInterval(() => void commit([], {}, { durable: false }).catch(() => {}), policy.ownershipTrustMilliseconds / 3).unref()
  return {
    get state(): Rebuild {
      return state
    },
    commit,
    async [Symbol.asyncDispose](): Promise<void> {
      clearInterval(beat)
      await last
    },
  }
}
