import { commitApart } from './commit-apart.js'
import { commitOne } from './commit-one.js'
import { commitTogether } from './commit-together.js'
import type { PreparedChange } from './prepared-change.js'
import type { Service } from './service.js'

/** Applies changes by the cheapest requests that do what they ask for. */
export async function commitChanges(service: Service, changes: readonly PreparedChange[], isAtomic: boolean, signal: AbortSignal): Promise<void> {
  const [first, second] = changes
  if (first === undefined) return
  if (second === undefined) await commitOne(service, first, signal)
  else if (isAtomic) await commitTogether(service, changes, signal)
  else await commitApart(service, changes, signal)
}
