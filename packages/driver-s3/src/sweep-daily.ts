import type { Calls } from '@registry/core'
import type { Store } from './store.js'
import { sweepUploads } from './sweep-uploads.js'

const day = 24 * 60 * 60 * 1000

/** Sweeps now and once a day, and keeps nobody waiting. What fails is done the next time; whoever may not is not told. */
export function sweepDaily(store: Store, calls: Calls): { end(): void } {
  const sweep = (): void => {
    calls.behind(async (signal) => {
      await sweepUploads(store, day, signal)
    })
  }
  sweep()
  const timer = setInterval(sweep, day)
  timer.unref()
  return {
    end() {
      clearInterval(timer)
    },
  }
}
