import type { Driver, OpenObject } from '../../driver.js'
import { ConformanceError, inWords } from '../expectations.js'
import { random, type Random } from './random.js'
import { expectModel, type Model } from './walk-model.js'
import { putStep } from './walk-puts.js'
import { headStep, listStep, openStep, readOnStep } from './walk-reads.js'
import { deleteStep, reopenStep } from './walk-changes.js'

/** One operation of a walk, with what it expects. */
export interface Step {
  readonly words: string
  run(): Promise<void>
}

/** An object that one step has opened and a later one reads on. */
export interface Held {
  readonly what: string
  readonly key: string
  readonly instance: number
  readonly opened: OpenObject
  /** What is to come, from its beginning. */
  readonly bytes: Uint8Array
  rest: AsyncIterator<Uint8Array> | undefined
  first: Uint8Array | undefined
  /** What has happened to it. */
  readonly since: Set<Change>
}

export type Change = 'overwritten' | 'deleted' | 'closed'

/** A walk: choices that its seed makes, and what the driver has to hold by them. */
export interface Walker {
  readonly seed: number
  readonly random: Random
  /** No other walk at the same time puts or deletes these. */
  readonly keys: readonly string[]
  readonly model: Model
  /** Bytes of its largest object. */
  readonly maximum: number
  readonly held: Held[]
  anyInstance(): number
  /** One of a few in most cases, so that calls meet. */
  anyKey(): string
  driver(instance: number): Driver
  /** Closes an instance, and opens another in its place. */
  reopen(instance: number): Promise<void>
  /** Takes down what has happened to the objects that are held. */
  changed(key: string, change: Change): void
}

export interface WalkOptions {
  readonly seed: number
  readonly steps: number
  readonly keys: readonly string[]
  readonly maximum: number
  readonly instances: Driver[]
  /** Absent: instances stay open, since other walks use them. */
  readonly open?: (() => Promise<Driver>) | undefined
}

/** Objects that may be held at a time. */
const mostHeld = 5

/** Does as many steps as it is told to, and compares everything every fifty of them and at the end. */
export async function walk(options: WalkOptions): Promise<void> {
  const walker = newWalker(options)
  for (let count = 1; count <= options.steps; count++) {
    await perform(walker, count, nextStep(walker, options.open !== undefined))
    if (count % 50 !== 0 && count !== options.steps) continue
    for (const [index, driver] of options.instances.entries()) {
      await perform(walker, count, { words: `everything, as instance ${index + 1} has it`, run: () => expectModel(walker.model, driver, walker.keys) })
    }
  }
  while (walker.held.length > 0) await perform(walker, options.steps, readOnStep(walker))
}

function nextStep(walker: Walker, mayReopen: boolean): Step {
  if (walker.held.length >= mostHeld) return readOnStep(walker)
  const kind = walker.random.below(100)
  if (kind < 34) return putStep(walker)
  if (kind < 44) return headStep(walker)
  if (kind < 68) return openStep(walker)
  if (kind < 82) return listStep(walker)
  if (kind < 91) return deleteStep(walker)
  if (kind < 93 && mayReopen) return reopenStep(walker)
  return walker.held.length > 0 ? readOnStep(walker) : openStep(walker)
}

async function perform({ seed }: Walker, count: number, step: Step): Promise<void> {
  try {
    await step.run()
  } catch (error) {
    const message = error instanceof ConformanceError ? error.message : `expected no error, got ${inWords(error)}`
    throw new ConformanceError(`walk with seed ${seed}, step ${count}, ${step.words}: ${message}`, { cause: error })
  }
}

function newWalker({ seed, keys, maximum, instances, open }: WalkOptions): Walker {
  const choices = random(seed)
  const held: Held[] = []
  return {
    seed,
    random: choices,
    keys,
    model: { objects: new Map(), dates: new Map() },
    maximum,
    held,
    anyInstance: () => choices.below(instances.length),
    anyKey: () => (choices.percent(60) ? keys[(seed * 5 + choices.below(3)) % keys.length]! : choices.pick(keys)),
    driver: (instance) => instances[instance]!,
    async reopen(instance) {
      await instances[instance]!.close()
      for (const object of held) if (object.instance === instance) object.since.add('closed')
      if (open) instances[instance] = await open()
    },
    changed(key, change) {
      for (const object of held) if (object.key === key) object.since.add(change)
    },
  }
}
