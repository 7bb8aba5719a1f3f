/** Numbers that a seed decides. */
export interface Random {
  /** A whole number from 0 on, less than `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
  bytes(size: number): Buffer
  /** Another sequence, decided by this one: for somebody whose turns come at times that nothing decides. */
  fork(): Random
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    chance: (probability) => next() / 2 ** 32 < probability,
    pick: <Item>(items: readonly Item[]): Item => {
      if (items.length === 0) throw new TypeError('there is nothing to pick from')
      return items[below(items.length)]!
    },
    bytes: (size) => Buffer.from(Uint32Array.from({ length: Math.ceil(size / 4) }, next).buffer).subarray(0, size),
    fork: () => randomOf(next()),
  }
}
