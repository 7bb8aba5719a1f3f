import { expectCode, expectEqual, expectReason } from '../expectations.js'
import { abortingBody, clockGoesOn, patternBytes, throwingBody } from './bodies.js'
import { bodyShapes } from './body-shapes.js'
import { expectHead, expectListed, remember } from './walk-model.js'
import type { Step, Walker } from './walker.js'

/** How a put of a walk ends. */
const ends = ['stored', 'stored', 'stored', 'stored', 'stored', 'aborted', 'aborting', 'throwing', 'mismatch'] as const

/** A put of any size in any shape, declared or not, which is stored or fails. */
export function putStep(walker: Walker): Step {
  const { random, model } = walker
  const key = walker.anyKey()
  const instance = walker.anyInstance()
  const end = random.pick(ends)
  // One more than that is another error.
  const size = Math.min(sizeOf(walker), walker.driver(instance).capabilities.limits.objectBytes - 1)
  const shape = random.pick(bodyShapes)
  // Three at the least, so that something comes behind the moment of an abort; and not thousands.
  const chunkBytes = Math.max(1, Math.floor(size / (3 + random.below(18))))
  const bytes = patternBytes(size, random.below(2 ** 31))
  const looking = walker.anyInstance()
  const wrong = end === 'mismatch' ? (size > 0 && random.percent(50) ? -1 : 1) : 0
  const declared = end === 'mismatch' || random.percent(50) ? size + wrong : undefined
  const hasSignal = random.percent(50)
  const words = `put of ${size} bytes under ${key} by instance ${instance + 1} in ${shape.words}, ${told(declared)}, ${endings[end]}; instance ${looking + 1} looks`
  return {
    words,
    async run() {
      const driver = walker.driver(instance)
      const controller = new AbortController()
      const reason = new Error(`what the walk with seed ${walker.seed} breaks off with`)
      const body = shape.body(bytes, chunkBytes)
      const options = { size: declared, ...((hasSignal || end.startsWith('abort')) && { signal: controller.signal }) }
      // Two puts are not to have one date, where the clock of the backend is as fine as ours.
      await clockGoesOn()
      if (end === 'stored') {
        const answer: unknown = await driver.put(key, body, options)
        expectEqual('answer of put', answer, { size })
        walker.changed(key, 'overwritten')
        await remember(model, driver, key, bytes)
        await expectListed(model, walker.driver(looking), key, walker.keys)
        return
      }
      if (end === 'mismatch') {
        await expectCode('put', 'SIZE_MISMATCH', driver.put(key, body, options))
      } else if (end === 'throwing') {
        await expectReason('put', reason, driver.put(key, throwingBody(body, reason), options))
      } else {
        if (end === 'aborted' || size < 3) controller.abort(reason)
        await expectReason('put', reason, driver.put(key, abortingBody(body, Math.floor(size / 2), controller, reason), options))
      }
      await expectHead(model, driver, key)
    },
  }
}

function sizeOf({ random, maximum }: Walker): number {
  const kind = random.below(100)
  if (kind < 8) return 0
  if (kind < 16) return 1
  if (kind < 30) return 10
  if (kind < 70) return 1000 + random.below(5000)
  if (kind < 84) return 60_000 + random.below(80_000)
  if (kind < 96) return Math.min(maximum, 2 ** 20 + random.below(2) * random.below(100_000))
  return Math.min(maximum, 9 * 2 ** 20 + random.below(100_000))
}

function told(declared: number | undefined): string {
  return declared === undefined ? 'no size declared' : `${declared} declared`
}

const endings = {
  stored: 'which is to be stored',
  aborted: 'whose signal is aborted already',
  aborting: 'whose signal is aborted meanwhile',
  throwing: 'whose body throws at its end',
  mismatch: 'which is another size',
} as const
