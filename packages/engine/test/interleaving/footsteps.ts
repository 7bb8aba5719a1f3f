import { collide, type Touch } from './footprints.js'
import type { Futures, Whereabouts } from './futures.js'
import type { PendingCall } from './scheduler.js'

interface Footstep {
  readonly process: string
  readonly touches: readonly Touch[]
  readonly inCompany: boolean
}

/** The calls of one run so far, from which all runs learn. */
export class Footsteps {
  private readonly steps: Footstep[] = []
  private readonly futures: Futures
  private whereabouts: Whereabouts | undefined

  constructor(futures: Futures) {
    this.futures = futures
  }

  /** To be called before each step but those that were taken before. */
  arrive(calls: readonly PendingCall[]): Whereabouts {
    const [before, now] = [this.whereabouts, whereaboutsOf(calls)]
    for (const process of before ? new Set([...before.keys(), ...now.keys()]) : []) {
      const [from = '', to = ''] = [before?.get(process), now.get(process)]
      if (from !== to) this.futures.move(process, from, to)
    }
    this.whereabouts = now
    return now
  }

  /** @param inCompany - another call of the process was pending at that time */
  add(process: string, touches: readonly Touch[], inCompany: boolean): void {
    if (this.whereabouts) {
      this.futures.touch(process, this.whereabouts.get(process) ?? '', touches)
      for (const step of this.steps) {
        if (!step.inCompany || step.process !== process) continue
        const met = touches.filter((touch) => step.touches.some((earlier) => collide(earlier, touch)))
        if (met.length > 0) this.futures.meet(process, met)
      }
    }
    this.steps.push({ process, touches, inCompany })
  }
}

function whereaboutsOf(calls: readonly PendingCall[]): Whereabouts {
  const labels = new Map<string, string[]>()
  for (const { process, label } of calls) labels.set(process, [...(labels.get(process) ?? []), label])
  return new Map([...labels].map(([process, some]) => [process, some.sort().join('\n')]))
}
