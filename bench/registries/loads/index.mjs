import { deletes } from './deletes.mjs'
import { catalogs, referrers, tagLists } from './lists.mjs'
import { mix } from './mix.mjs'
import { pushes } from './pushes.mjs'
import { reads } from './reads.mjs'
import { starts } from './starts.mjs'

/**
 * What servers are asked to do. Each load has a `name`, a `title`, the `unit` of its rate, the `yardsticks` that it is
 * measured beside, the `kinds` of servers that it is for where not all can do it, how many `entries` it needs where these are
 * many, and whether it is one of the quick run; `prepare` brings in what it reads, and `run` resolves with how much was done
 * in how many seconds. One that `restarts` servers has no `run`.
 */
export const loads = [...reads, ...pushes, mix, ...tagLists, ...catalogs, referrers, deletes, ...starts]

export function loadNamed(name) {
  return loads.find((load) => load.name === name)
}
