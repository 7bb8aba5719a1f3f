import { expect, it } from 'vitest'
import { onEachPair } from '../support/on-each-pair.js'
import { bytesOf, garbage } from './generate/garbage.js'
import { checkAll, chosenRuns, chosenSeed } from './run/check.js'
import { garbageProblem } from './run/garbage-problem.js'

const timeout = 600_000

onEachPair('garbage', (start) => {
  it('is answered in the form of errors, and never breaks or holds up the server', { timeout }, async () => {
    const server = await start({ idleMilliseconds: 1000, refusedBodyMilliseconds: 200 })
    await checkAll(garbage, { seed: chosenSeed(), runs: chosenRuns(400) }, async (value) => {
      const problem = await garbageProblem(server.port, value)
      if (problem !== undefined) throw new Error(`${JSON.stringify(bytesOf(value).toString('latin1').slice(0, 1000))}: ${problem}`)
    })
    expect((await server.send('GET', '/v2/')).status).toBe(200)
  })
})
