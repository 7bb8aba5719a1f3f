import { type Touch, TouchSet } from './footprints.js'

/** Where each process is, told by the calls that it waits for. One that waits for none has not begun, or is over. */
export type Whereabouts = ReadonlyMap<string, string>

/** A moment of a process, or of many runs of it that wait for the same calls. */
class Moment {
  /** What the process may touch from now on. */
  readonly ahead = new TouchSet()
  readonly before = new Set<Moment>()
  /** Whether the search has left something out because of it. */
  isReliedOn = false
}

/**
 * What each process may still touch, as far as was seen. A call that nobody else will touch may proceed at once: every
 * order of it and the others comes to the same. What was seen only grows, and a search that relied on less is made again.
 */
export class Futures {
  /** Whether there is more than somebody relied on. */
  isOutdated = false
  private readonly processes = new Map<string, Map<string, Moment>>()
  private readonly meetings = new Map<string, Moment>()

  /** Whether somebody else may touch what a call touches, and one of the two writes. */
  isShared(process: string, touches: readonly Touch[], whereabouts: Whereabouts): boolean {
    for (const other of this.processes.keys()) {
      const moment = other === process ? this.meetingOf(process) : this.momentOf(other, whereabouts.get(other) ?? '')
      moment.isReliedOn = true
      if (moment.ahead.collidesWith(touches)) return true
    }
    return false
  }

  /** A process may meet itself: what it does side by side is as good as done by two. */
  meet(process: string, touches: readonly Touch[]): void {
    for (const touch of touches) this.add(this.meetingOf(process), touch)
  }

  touch(process: string, where: string, touches: readonly Touch[]): void {
    const moment = this.momentOf(process, where)
    for (const touch of touches) this.add(moment, touch)
  }

  move(process: string, from: string, to: string): void {
    const [earlier, later] = [this.momentOf(process, from), this.momentOf(process, to)]
    if (later.before.has(earlier)) return
    later.before.add(earlier)
    for (const touch of later.ahead) this.add(earlier, touch)
  }

  /** The search begins anew. */
  restart(): void {
    this.isOutdated = false
    for (const moments of [this.meetings, ...this.processes.values()]) for (const moment of moments.values()) moment.isReliedOn = false
  }

  /** What lies ahead of a moment lies ahead of those before it. */
  private add(moment: Moment, touch: Touch): void {
    const moments = [moment]
    for (let each = moments.pop(); each; each = moments.pop()) {
      if (!each.ahead.add(touch)) continue
      this.isOutdated ||= each.isReliedOn
      moments.push(...each.before)
    }
  }

  private momentOf(process: string, where: string): Moment {
    let moments = this.processes.get(process)
    if (!moments) {
      moments = new Map<string, Moment>()
      this.processes.set(process, moments)
      // Nobody reckoned with it.
      this.isOutdated = true
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
}
