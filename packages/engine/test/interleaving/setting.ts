import type { IndexLimits } from '@registry/core'
import type { States } from './aftermath.js'
import { observe } from './observe.js'
import type { Operation } from './operations.js'
import type { Process } from './process.js'
import { Run } from './run.js'
import { World } from './world.js'

/** How things stand before a run. */
export interface Setting {
  readonly world: World
  /** What clients see of each repository that the run is about. */
  readonly states: States
}

export interface SettingOptions {
  readonly repositories?: readonly string[]
  readonly operations: readonly Operation[]
  readonly limits?: Partial<IndexLimits>
  readonly revisionsRepeat?: boolean
  readonly search?: boolean
  /** Milliseconds that pass then. */
  readonly pass?: number
  /** What else is done past the registry. */
  readonly then?: (process: Process, world: World) => Promise<void>
}

/** Does operations one after the other, and lets all that goes on behind them end. */
export async function prepare({ repositories = ['a'], operations, limits, revisionsRepeat = false, search = false, pass = 0, then }: SettingOptions): Promise<Setting> {
  const world = new World({ revisionsRepeat, search, ...(limits && { limits }) })
  const run = new Run(world)
  const process = run.start('before')
  for (const operation of operations) await run.alone(() => run.operate(process, operation))
  for (const { operation, outcome } of run.ledger.entries) {
    if (outcome.state !== 'done') throw run.violation(`the setting does not come to be: ${JSON.stringify(outcome)} for ${operation.kind}`)
  }
  const states: Record<string, Awaited<ReturnType<typeof observe>>> = {}
  for (const repository of repositories) states[repository] = await run.alone(() => observe(process, repository))
  world.now += pass
  if (then) await run.alone(() => then(process, world))
  return { world, states }
}
