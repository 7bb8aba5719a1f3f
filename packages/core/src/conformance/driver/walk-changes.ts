import { expectReason } from '../expectations.js'
import { expectHead, expectListed } from './walk-model.js'
import type { Step, Walker } from './walker.js'

/** A delete of one key or of many, present and absent, or one that is aborted already. */
export function deleteStep(walker: Walker): Step {
  const { random, model } = walker
  const instance = walker.anyInstance()
  const count = random.percent(70) ? 1 : random.below(walker.keys.length)
  const keys = Array.from({ length: count }, () => walker.anyKey())
  const looking = walker.anyInstance()
  const isAborted = random.percent(20)
  return {
    words: `delete(${JSON.stringify(keys)}) by instance ${instance + 1}${isAborted ? ', whose signal is aborted already' : ''}; instance ${looking + 1} looks`,
    async run() {
      const driver = walker.driver(instance)
      if (isAborted) {
        const reason = new Error('aborted before the delete')
        await expectReason('delete', reason, driver.delete(keys, { signal: AbortSignal.abort(reason) }))
      } else {
        await driver.delete(keys)
        for (const key of keys) {
          if (model.objects.delete(key)) walker.changed(key, 'deleted')
        }
      }
      for (const key of keys) await expectHead(model, driver, key)
      if (keys[0]) await expectListed(model, walker.driver(looking), keys[0], walker.keys)
    },
  }
}

/** A restart of one instance. What was open in it may be whole or broken from then on. */
export function reopenStep(walker: Walker): Step {
  const instance = walker.anyInstance()
  return { words: `closing instance ${instance + 1} and opening another in its place`, run: () => walker.reopen(instance) }
}
