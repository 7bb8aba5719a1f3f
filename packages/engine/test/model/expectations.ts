import { expect, type TestContext } from 'vitest'
import { explore, type Model } from './explore.js'
import type { World } from './index-model.js'

/** Every state of this system was looked at, and every invariant held. */
export function expectToHold(model: Model<World>): void {
  const { violated, trace, exhausted } = explore(model)
  expect(violated, trace.join('\n')).toBeUndefined()
  expect(exhausted, 'every state was looked at').toBe(true)
}

/** This system breaks that invariant. `vitest --reporter=verbose` shows the shortest way there. */
export async function expectToBreak({ annotate }: TestContext, model: Model<World>, invariant: string): Promise<void> {
  const { violated, trace } = explore(model)
  expect(violated, trace.join('\n')).toBe(invariant)
  await annotate(trace.join('\n'), 'shortest trace')
}

/** Some systems have many states, and slow machines need some time for them. */
export const enough: { readonly timeout: number } = { timeout: 120_000 }
