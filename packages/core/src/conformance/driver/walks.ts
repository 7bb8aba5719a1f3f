import type { CaseContext } from '../conformance-case.js'
import type { Driver } from '../../driver.js'
import type { DriverCase } from './objects.js'
import { walk } from './walker.js'

/** Few enough to meet each other again and again; none is the folder of another. */
const keys: readonly string[] = [
  'a', 'b!', 'b-c', 'b/a', 'b/a-b/c', 'b/aa', 'b/b/a', 'b/b/b', 'b0', 'ba/a', 'c/.a', 'c/a', 'd/e/f/g',
  `long/${'k'.repeat(200)}/${'l'.repeat(150)}`,
  `long/${'k'.repeat(200)}/${'l'.repeat(149)}m`,
]

const mebibyte = 2 ** 20

/** A case that walks with each seed, in as many instances. */
function walks(id: string, clause: string, instances: number, seeds: readonly number[]): DriverCase {
  return {
    id,
    clause,
    async run(context) {
      for (const seed of seeds) await freshWalk(context, seed, instances)
    },
  }
}

export const walkCases: readonly DriverCase[] = [
  walks(
    'walk/one-instance',
    'Hundreds of calls in any order, of any shape and size, by one instance that is restarted now and then, do what a plain map does.',
    1,
    [1, 2, 3],
  ),
  walks('walk/two-instances', 'The same by two instances on the same data: each sees at once, and whole, what the other has done.', 2, [4, 5, 6]),
  {
    id: 'walk/concurrent',
    clause: 'The same four times at once, by two instances and on keys of their own: none disturbs the others.',
    async run({ open }) {
      const instances = [await open(), await open()]
      const paths = [0, 1, 2, 3].map((path) => walk({
        seed: 7 + path,
        steps: 150,
        keys: keys.filter((_, index) => index % 4 === path),
        maximum: mebibyte,
        instances,
      }))
      // All come to their end before the drivers are closed, also where one fails.
      for (const path of await Promise.allSettled(paths)) if (path.status === 'rejected') throw path.reason
    },
  },
]

async function freshWalk({ open }: CaseContext<Driver>, seed: number, count: number): Promise<void> {
  const instances: Driver[] = []
  while (instances.length < count) instances.push(await open())
  await instances[0]!.delete(keys)
  await walk({ seed, steps: 250, keys, maximum: 10 * mebibyte, instances, open })
}
