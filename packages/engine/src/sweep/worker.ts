import type { Context } from '../context.js'
import { idPrefixes } from '../keyspace.js'
import { sweep } from './sweep.js'
import { takeWorkLease } from './work-lease.js'

export interface Worker {
  /** Ends the round that is under way, and begins no other. */
  stop(): void
}

const day = 24 * 3_600_000

/** Sweeps in rounds, in the background, as long as no other process does. */
export function startWorker(context: Context): Worker {
  const { roundMilliseconds } = context.policy
  const holder = context.randomId()
  const end = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const work = async (round: number): Promise<void> => {
    try {
      if (!(await takeWorkLease(context, holder, 2 * roundMilliseconds))) return
      await sweep(context, { objectFolders: foldersOfRound(round, roundMilliseconds), signal: end.signal })
    } catch (error) {
      if (!end.signal.aborted) throw error
    } finally {
      schedule(round + 1)
    }
  }
  const schedule = (round: number): void => {
    if (end.signal.aborted) return
    timer = setTimeout(() => {
      context.background.run(() => work(round))
    }, roundMilliseconds).unref()
  }
  schedule(Math.floor(Math.random() * idPrefixes.length))
  return {
    stop: () => {
      clearTimeout(timer)
      end.abort()
    },
  }
}

/** A round looks into so many folders of storage that all of them have their turn within a day. */
function foldersOfRound(round: number, roundMilliseconds: number): readonly string[] {
  const count = Math.min(Math.ceil((idPrefixes.length * roundMilliseconds) / day), idPrefixes.length)
  return Array.from({ length: count }, (_, n) => idPrefixes[(round * count + n) % idPrefixes.length]!)
}
