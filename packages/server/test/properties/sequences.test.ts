import { it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { sequence } from './generate/sequence.js'
import { checkAll, chosenRuns, chosenSeed, fixedSeed } from './run/check.js'
import { startRunner } from './run/runner.js'

const timeout = 600_000

onEachPair('sequences of requests', (start) => {
  it('are answered as the model answers them: the same ones every time', { timeout }, async () => {
    using runner = await startRunner(start)
    await checkAll(sequence, { seed: fixedSeed, runs: chosenRuns(220) }, (value) => runner.run(value))
  })

  it('are answered as the model answers them: new ones, or those of FC_SEED', { timeout }, async () => {
    using runner = await startRunner(start)
    await checkAll(sequence, { seed: chosenSeed(), runs: chosenRuns(80) }, (value) => runner.run(value))
  })
})
