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

/** Whether the order of the two makes a difference. */
export function collide(one: Touch, other: Touch): boolean {
  if (one.place === clock.place || other.place === clock.place) return true
  return one.place === other.place && (one.writes || other.writes) && (one.item === other.item || one.item === '*' || other.item === '*')
}

/** Touches, each once. */
export class TouchSet {
  private readonly places = new Map<string, Map<string, Touch>>()

  /** Says whether it is new. */
  add(touch: Touch): boolean {
    const { place, item, writes } = touch
    const touches = this.places.get(place) ?? new Map<string, Touch>()
    const id = `${item}\0${String(writes)}`
    if (touches.has(id)) return false
    this.places.set(place, touches.set(id, touch))
    return true
  }

  collidesWith(touches: readonly Touch[]): boolean {
    return this.places.has(clock.place) || touches.some((touch) => touch.place === clock.place || this.collidesWithOne(touch))
  }

  private collidesWithOne(touch: Touch): boolean {
    for (const other of this.places.get(touch.place)?.values() ?? []) if (collide(touch, other)) return true
    return false
  }

  *[Symbol.iterator](): Generator<Touch, void> {
    for (const touches of this.places.values()) yield* touches.values()
  }
}
