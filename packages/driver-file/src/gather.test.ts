import { expect, it } from 'vitest'
import { gather } from './gather.js'

const gathered = 256 * 1024

/** Sizes of the chunks that come of chunks of these sizes; the bytes are looked at on the way. */
async function gatheredSizes(...sizes: readonly number[]): Promise<number[]> {
  const source = Buffer.alloc(sizes.reduce((a, b) => a + b, 0), 'bytes of which no part looks like another')
  async function* body(): AsyncGenerator<Uint8Array, void> {
    const reused = Buffer.alloc(Math.max(0, ...sizes))
    let start = 0
    for (const size of sizes) {
      source.copy(reused, 0, start, start + size)
      yield reused.subarray(0, size)
      start += size
    }
  }
  const copies: Buffer[] = []
  for await (const chunk of gather(body())) copies.push(Buffer.from(chunk))
  expect(Buffer.concat(copies).equals(source)).toBe(true)
  return copies.map(({ byteLength }) => byteLength)
}

it('gathers several bodies at once, each in a buffer of its own', async () => {
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 20 }, (_, n) => gatheredSizes(n + 1, 100_000, gathered, 70_000)))
})

it.each<[readonly number[], readonly number[]]>([
  [[], []],
  [[0, 0], []],
  [[1], [1]],
  [[1, 0, 2], [3]],
  [[gathered - 1, 1], [gathered]],
  [[gathered - 1, 2], [gathered - 1, 2]],
  [[gathered - 1, 1, 1], [gathered, 1]],
  [[gathered], [gathered]],
  [[gathered + 1], [gathered + 1]],
  [[5, gathered, 5], [5, gathered, 5]],
  [[200_000, 100_000, 100_000, 100_000], [200_000, 200_000, 100_000]],
])('gathers %j to %j', async (sizes, expected) => {
  expect(await gatheredSizes(...sizes)).toEqual(expected)
})
