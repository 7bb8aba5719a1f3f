/** What a call reads or writes: one entry of a partition or one object, or all of them. */
export interface Touch {
  readonly place: string
  /** `*` for all. */
  readonly item: string
  readonly writes: boolean
}

/** Where objects are. */
export const storage = 'storage'

/** What time it is: whoever moves the clock touches what everybody does next. */
export const clock: Touch = { place: 'clock', item: '*', writes: true }

/**
 * Who touches what, as far as was seen. A call that nobody else can be touched by may proceed at once: every order of it
 * and the others comes to the same. What was seen only grows, and a search that saw more than it knew is made again.
 */
export class Footprints {
  private readonly places = new Map<string, Map<string, SeenTouch>>()
  private seen: SeenTouch[] = []
  private moved = false

  /** Whether somebody else may touch what a call touches, and one of the two writes. */
  isShared(process: string, touches: readonly Touch[]): boolean {
    return this.moved || touches.some((touch) => [...(this.places.get(touch.place)?.values() ?? [])].some((other) => other.process !== process && collide(touch, other)))
  }

  add(process: string, touches: readonly Touch[]): void {
    for (const touch of touches) if (!this.places.get(touch.place)?.has(idOf(process, touch))) this.seen.push({ ...touch, process })
  }

  /** From now on counts what was seen. Says whether it was something. */
  learn(): boolean {
    const isNew = this.seen.length > 0
    for (const touch of this.seen) {
      if (touch.place === clock.place) this.moved = true
      const place = this.places.get(touch.place) ?? new Map<string, SeenTouch>()
      this.places.set(touch.place, place.set(idOf(touch.process, touch), touch))
    }
    this.seen = []
    return isNew
  }
}

interface SeenTouch extends Touch {
  readonly process: string
}

function idOf(process: string, { item, writes }: Touch): string {
  return `${process}\0${item}\0${String(writes)}`
}

/** Whether the order of the two makes a difference. */
export function collide(one: Touch, other: Touch): boolean {
  return one.place === other.place && (one.writes || other.writes) && (one.item === other.item || one.item === '*' || other.item === '*')
}

/** The calls of one run so far, in which a process may meet itself: what it does side by side is as good as two processes. */
export class Footsteps {
  private readonly steps: { readonly process: string; readonly touches: readonly Touch[]; readonly inCompany: boolean }[] = []
  private readonly footprints: Footprints

  constructor(footprints: Footprints) {
    this.footprints = footprints
  }

  /** @param inCompany - another call of the process was pending at that time */
  add(process: string, touches: readonly Touch[], inCompany: boolean): void {
    this.footprints.add(process, touches)
    for (const step of this.steps) {
      if (!step.inCompany || step.process !== process) continue
      const met = touches.filter((touch) => step.touches.some((earlier) => collide(earlier, touch)))
      if (met.length > 0) this.footprints.add(`${process}, side by side`, met)
    }
    this.steps.push({ process, touches, inCompany })
  }
}
