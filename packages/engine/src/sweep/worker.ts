import type { Context } from '../context.js'
import { idPrefixes } from '../keyspace.js'
import { sweep } from './sweep.js'
import { isIndexWhole } from './whole-index.js'
import { workLease } from './work-lease.js'

const day = 24 * 3_600_000

/**
 * Sweeps in the background, as long as no other process does: in rounds, and once at the start, so that what processes
 * that died left does not wait for a round.
 */
export function startWorker(context: Context): void {
  const { background, policy } = context
  const { roundMilliseconds } = policy
  const lease = workLease(context, context.randomId(), 2 * roundMilliseconds)
  let timer: NodeJS.Timeout | undefined
  const work = async (round: number): Promise<void> => {
    if (!(await lease.take())) return
    await sweep(context, { objectFolders: foldersOfRound(round, roundMilliseconds) })
    // Also where there was nothing to delete: whoever runs the registry hears early of what the index has lost.
    await isIndexWhole(context)
  }
  const schedule = (round: number): void => {
    if (background.ending.aborted) return
    timer = setTimeout(() => {
      background.run(() => work(round).finally(() => { schedule(round + 1) }))
    }, roundMilliseconds).unref()
  }
  background.ending.addEventListener('abort', () => { clearTimeout(timer) }, { once: true })
  background.run(async () => {
    await sweep(context, { noteAge: 0, objectFolders: [] })
  })
  schedule(Math.floor(Math.random() * idPrefixes.length))
}

/** A round looks into so many folders of storage that all of them have their turn within a day. */
function foldersOfRound(round: number, roundMilliseconds: number): readonly string[] {
  const count = Math.min(Math.ceil((idPrefixes.length * roundMilliseconds) / day), idPrefixes.length)
  return Array.from({ length: count }, (_, n) => idPrefixes[(round * count + n) % idPrefixes.length]!)
}
