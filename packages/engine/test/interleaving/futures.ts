import { clock, collide, type Touch, TouchSet } from './footprints.js'

/** Where each process is, told by the calls that it waits for. One that waits for none has not begun, or is over. */
export type Whereabouts = ReadonlyMap<string, string>

/** A moment of a process, or of many runs of it that wait for the same calls. */
class Moment {
  /** What the process may touch from now on. */
  readonly ahead = new TouchSet()
  readonly before = new Set<Moment>()
  reliances: Reliance[] = []
}

/** That some things are not touched any more. */
interface Reliance {
  readonly touches: readonly Touch[]
  readonly onBroken: () => void
}

/**
 * What each process may still touch, as far as was seen. A call that nobody else will touch may proceed at once: every
 * order of it and the others comes to the same. What was seen only grows, and who relied on less is told.
 */
export class Futures {
  private readonly processes = new Map<string, Map<string, Moment>>()
  private readonly meetings = new Map<string, Moment>()
  /** That of processes that were not seen yet. */
  private readonly unseen = new Moment()

  /** Whether somebody else may touch what a call touches, and one of the two writes. */
  isShared(process: string, touches: readonly Touch[], whereabouts: Whereabouts): boolean {
    return this.momentsBeside(process, whereabouts).some(({ ahead }) => ahead.collidesWith(touches))
  }

  /** Calls `onBroken` when what was not shared turns out to be, now and then more often than once. */
  rely(process: string, touches: readonly Touch[], whereabouts: Whereabouts, onBroken: () => void): void {
    for (const moment of [...this.momentsBeside(process, whereabouts), this.unseen]) moment.reliances.push({ touches, onBroken })
  }

  /** A process may meet itself: what it does side by side is as good as done by two. */
  meet(process: string, touches: readonly Touch[]): void {
    for (const touch of touches) add(this.meetingOf(process), touch)
  }

  touch(process: string, where: string, touches: readonly Touch[]): void {
    const moment = this.momentOf(process, where)
    for (const touch of touches) add(moment, touch)
  }

  move(process: string, from: string, to: string): void {
    const [earlier, later] = [this.momentOf(process, from), this.momentOf(process, to)]
    if (later.before.has(earlier)) return
    later.before.add(earlier)
    for (const touch of later.ahead) add(earlier, touch)
  }

  /** Nobody relies on anything any more. */
  release(): void {
    for (const moment of this.moments()) moment.reliances = []
  }

  private momentsBeside(process: string, whereabouts: Whereabouts): readonly Moment[] {
    return [...this.processes.keys()].map((other) => (other === process ? this.meetingOf(process) : this.momentOf(other, whereabouts.get(other) ?? '')))
  }

  private momentOf(process: string, where: string): Moment {
    let moments = this.processes.get(process)
    if (!moments) {
      breakReliances(this.unseen, () => true)
      moments = new Map<string, Moment>()
      this.processes.set(process, moments)
    }
    const moment = moments.get(where) ?? new Moment()
    moments.set(where, moment)
    return moment
  }

  private meetingOf(process: string): Moment {
    const meeting = this.meetings.get(process) ?? new Moment()
    this.meetings.set(process, meeting)
    return meeting
  }

  private *moments(): Generator<Moment, void> {
    yield this.unseen
    for (const moments of [this.meetings, ...this.processes.values()]) yield* moments.values()
  }
}

/** What lies ahead of a moment lies ahead of those before it. */
function add(moment: Moment, touch: Touch): void {
  const moments = [moment]
  for (let each = moments.pop(); each; each = moments.pop()) {
    if (!each.ahead.add(touch)) continue
    breakReliances(each, ({ touches }) => touch.place === clock.place || touches.some((other) => collide(touch, other)))
    moments.push(...each.before)
  }
}

function breakReliances(moment: Moment, isBroken: (reliance: Reliance) => boolean): void {
  moment.reliances = moment.reliances.filter((reliance) => {
    if (!isBroken(reliance)) return true
    reliance.onBroken()
    return false
  })
}
