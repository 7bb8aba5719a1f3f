import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, onTestFinished } from 'vitest'
import { killRounds } from './support/kill-rounds.js'
import { pairs } from './support/pairs.js'
import { chosenSeed, withSeed } from './support/seed.js'

const rounds = Number(process.env['DURABILITY_ROUNDS'] ?? 20)

describe.each(pairs)('$name', (pair) => {
  it('keeps what it has answered however often it is killed, and works on', { timeout: rounds * 15_000 }, async () => {
    const disk = mkdtempSync(join(tmpdir(), 'registry-killed-'))
    onTestFinished(() => rm(disk, { recursive: true, force: true }))
    const seed = chosenSeed()
    await withSeed(seed, () => killRounds(pair, disk, { rounds, seed }))
  })
})
