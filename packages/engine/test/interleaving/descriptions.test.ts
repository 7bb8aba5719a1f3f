import { expect, it } from 'vitest'
import { Violation } from './run.js'
import { runSeed } from './run-seed.js'

const seeds = Number(process.env['SEEDS'] ?? 1000)
const atOnce = 100

it.each(Array.from({ length: Math.ceil(seeds / atOnce) }, (_, n) => n * atOnce + 1))(
  'whatever the order, descriptions follow what is tagged: seeds from %i on',
  { timeout: 600_000 },
  async (first) => {
    for (let number = first; number < first + atOnce; number++) {
      try {
        await runSeed(number, { tagsOnly: true })
      } catch (error) {
        throw error instanceof Violation ? new Violation(`SEED=${number}: ${error.what}`, error.trace) : error
      }
    }
  },
)

it('a seed decides everything here, too', async () => {
  expect(await runSeed(7, { tagsOnly: true })).toEqual(await runSeed(7, { tagsOnly: true }))
})
