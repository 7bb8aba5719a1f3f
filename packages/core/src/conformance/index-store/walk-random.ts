/** Numbers that look random, and are the same for the same seed: a walk that fails can be walked again. */
export interface Random {
  /** A whole number from 0 on, less than `count`. */
  below(count: number): number
  /** Whether something happens that does so in so many of a hundred cases. */
  percent(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** Some of them, none twice, in an order of their own. */
  sample<Item>(items: readonly Item[], count: number): readonly Item[]
}

export function randomOf(seed: number): Random {
  let state = seed
  // The generator mulberry32.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number): number => Math.floor(next() * count)
  return {
    below,
    percent: (share) => next() * 100 < share,
    pick: (items) => items[below(items.length)]!,
    sample: (items, count) => {
      const left = [...items]
      return Array.from({ length: Math.min(count, left.length) }, () => left.splice(below(left.length), 1)[0]!)
    },
  }
}
