import { pushes } from './pushes.mjs'
import { reads } from './reads.mjs'

/**
 * What servers are asked to do. Each load has a `name`, a `title`, the `unit` of its rate, the `yardsticks` that it is
 * measured beside, and whether it is one of the quick run; `prepare` brings in what it reads, and `run` resolves with
 * how much was done in how many seconds.
 */
export const loads = [...reads, ...pushes]

export function loadNamed(name) {
  return loads.find((load) => load.name === name)
}
