/** Choices that are the same in every run with the same seed. */
export interface Random {
  /** A whole number from 0 on, below `end`. */
  below(end: number): number
  pick<Item>(items: readonly Item[]): Item
  /** True in so many of a hundred times. */
  percent(times: number): boolean
}

export function random(seed: number): Random {
  let state = seed >>> 0
  // Mulberry32: small, and even enough for choices among a few.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    pick: (items) => items[below(items.length)]!,
    percent: (times) => below(100) < times,
  }
}
