import { expect, it } from 'vitest'
import { describeWith } from '../support/require-program.js'
import { losePowerOfContract } from './support/contract-power-loss.js'
import { contracts } from './support/contracts.js'
import { pairs } from './support/pairs.js'
import { losePowerOfRegistry } from './support/registry-power-loss.js'
import { chosenSeed, withSeed } from './support/seed.js'

/** States in which something is kept that was not fsynced: about so many are looked at, `Infinity` for all. */
const variants = Number(process.env['DURABILITY_VARIANTS'] ?? 200)
const timeout = Math.min(60_000 + variants * 500, 2 ** 31 - 1)

describeWith(['strace'], 'a power loss at any moment', () => {
  it.each(contracts)('takes nothing from $name that it has told', { timeout }, async (contract) => {
    const seed = chosenSeed()
    await withSeed(seed, async () => {
      const count = await losePowerOfContract(contract, { seed, variants })
      expect(count, 'different states of the disk').toBeGreaterThan(20)
    })
  })

  it.each(pairs)('takes nothing from a registry on $name that it has answered', { timeout }, async (pair) => {
    const seed = chosenSeed()
    await withSeed(seed, async () => {
      expect(await losePowerOfRegistry(pair, { seed, variants }), 'different states of the disk').toBeGreaterThan(100)
    })
  })

  it.each(pairs)('takes no manifest or tag from a registry on $name that loses its index as well', { timeout }, async (pair) => {
    const seed = chosenSeed()
    await withSeed(seed, async () => {
      const count = await losePowerOfRegistry(pair, { seed, variants: Math.floor(variants / 4), indexLost: true })
      expect(count, 'different states of the disk').toBeGreaterThan(50)
    })
  })
})
