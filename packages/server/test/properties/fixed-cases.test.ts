import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { fixedCases, fixedGarbage } from './fixed-cases.js'
import type { Sequence } from './generate/sequence.js'
import { garbageProblem } from './run/garbage-problem.js'
import { startRunner } from './run/runner.js'

onEachPair('cases', (start) => {
  it.each(fixedCases)('that failed once: $name', async ({ sequence }) => {
    using runner = await startRunner(start)
    await runner.run(JSON.parse(sequence) as Sequence)
  })

  it.each(fixedGarbage)('of garbage that failed once: $name', async ({ garbage }) => {
    const { port } = await start()
    expect(await garbageProblem(port, garbage)).toBeUndefined()
  })
})
