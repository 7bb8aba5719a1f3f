import { randomInt } from 'node:crypto'

/** `DURABILITY_SEED`, or a new one. */
export function chosenSeed(): number {
  const text = process.env['DURABILITY_SEED']
  return text === undefined || text === '' ? randomInt(2 ** 32) : Number(text)
}

/** Runs a test whose course the seed decides, and names the seed where it fails. */
export async function withSeed(seed: number, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${reason}\n(DURABILITY_SEED=${seed} makes the same choices again)`, { cause: error })
  }
}
