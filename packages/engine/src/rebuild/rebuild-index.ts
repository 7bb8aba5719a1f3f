import { setTimeout as sleep } from 'node:timers/promises'
import { rowKeys } from '../keyspace.js'
import { scanRows } from '../row-store.js'
import type { Rebuild, RebuildProblem } from '../rows.js'
import { startBatch } from './batch.js'
import { countOf } from './count-of.js'
import { type Hold, takeHold } from './hold.js'
import { findMovedObjects } from './moved-objects.js'
import { progressOf } from './progress.js'
import type { RebuildContext } from './rebuild-context.js'
import { countRecords, recordBatches } from './record-groups.js'
import { restoreBatch } from './restore-batch.js'
import { restoreDescriptions } from './restore-descriptions.js'
import { isUnanswered } from './unanswered.js'

/** Clocks that count the same time may differ a little. */
const waitFactor = 1.1

/**
 * Fills the index from storage, from where it was left; where another process is at it, waits for that one.
 *
 * @param holder - names this process
 * @throws `CONFLICT` where another process has taken over meanwhile
 */
export async function rebuildIndex(context: RebuildContext, holder: string): Promise<void> {
  const hold = await takeHold(context, holder)
  if (!hold) return
  try {
    await run(context, hold)
  } finally {
    await hold[Symbol.asyncDispose]()
  }
}

/** Everything that the last rebuild of an index left out, but for pushes that were never answered. */
export async function* rebuildProblems({ index }: Pick<RebuildContext, 'index'>): AsyncGenerator<RebuildProblem, void> {
  for await (const { value } of scanRows<RebuildProblem>(index, rowKeys.rebuildProblems())) if (!isUnanswered(value)) yield value
}

async function run(context: RebuildContext, hold: Hold): Promise<void> {
  const advance = async (patch: Partial<Rebuild>): Promise<void> => {
    await hold.commit([], patch)
    context.onProgress(progressOf(hold.state))
  }
  context.onProgress(progressOf(hold.state))
  if (hold.state.phase === 'waiting') {
    const [total] = await Promise.all([countRecords(context), waitForOthers(context)])
    await advance({ phase: 'objects', total })
  }
  const batch = startBatch(context)
  const moved = await findMovedObjects(context, batch)
  await batch.commit(hold, { done: hold.state.done }, async () => {})
  await advance({ phase: 'records' })

  for await (const some of recordBatches(context, hold.state.cursor)) {
    await restoreBatch(context, hold, some, moved)
    context.onProgress(progressOf(hold.state))
  }

  await advance({ phase: 'descriptions' })
  await restoreDescriptions(context, hold)

  const problems = await countOf(rebuildProblems(context))
  await advance({ state: 'complete', phase: 'complete', finished: context.now(), problems })
}

/** Until no process writes any more that has not seen that the storage is this index's. */
async function waitForOthers({ exclusive, policy, signal }: RebuildContext): Promise<void> {
  if (!exclusive) await sleep(policy.ownershipTrustMilliseconds * waitFactor, undefined, { signal })
}
