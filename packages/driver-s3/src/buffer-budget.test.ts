import { expect, it } from 'vitest'
import { bufferBudget, type Share } from './buffer-budget.js'

const { signal } = new AbortController()

/** Grows the share, and tells whether that was granted at once. */
async function grows(share: Share, bytes: number): Promise<boolean> {
  let isGranted = false
  void share.grow(bytes, signal).then(() => {
    isGranted = true
  })
  await new Promise(setImmediate)
  return isGranted
}

it('grants what is there, and the rest when it comes back', async () => {
  const budget = bufferBudget(10)
  const [first, second] = [budget.share(8), budget.share(8)]
  expect(await grows(first, 8)).toBe(true)
  first.fill()
  let isGranted = false
  const waiting = second.grow(8, signal).then(() => {
    isGranted = true
  })
  await new Promise(setImmediate)
  expect(isGranted).toBe(false)
  first.release()
  await waiting
})

it('grants nothing behind which no part could be filled', async () => {
  const budget = bufferBudget(10)
  const [first, second] = [budget.share(8), budget.share(8)]
  expect(await grows(first, 4)).toBe(true)
  expect(await grows(second, 6), 'the second needs two more, and they are not there').toBe(false)
  expect(await grows(first, 8)).toBe(true)
})

it('grants a part that waits behind another when that one can be filled first', async () => {
  const budget = bufferBudget(10)
  const [first, second] = [budget.share(8), budget.share(8)]
  expect(await grows(first, 4)).toBe(true)
  expect(await grows(second, 2), 'four are left for the first').toBe(true)
  expect(await grows(second, 4), 'two would be left, and the first needs four').toBe(false)
  expect(await grows(first, 8)).toBe(true)
  first.fill()
  first.release()
  expect(await grows(second, 8)).toBe(true)
})

it('grants nothing that leaves parts behind which lack more than all others give back', async () => {
  const budget = bufferBudget(10)
  const [tiny, ...parts] = [budget.share(1), budget.share(7), budget.share(7), budget.share(7)]
  expect(await grows(tiny, 1)).toBe(true)
  tiny.fill()
  const granted: boolean[] = []
  for (const part of parts) granted.push(await grows(part, 4))
  expect(granted, 'two of four would lack three each, and one is free and one comes back').toEqual([true, false, false])
})

it('forgets who gives up waiting', async () => {
  const budget = bufferBudget(10)
  const [first, second] = [budget.share(10), budget.share(10)]
  await first.grow(10, signal)
  const controller = new AbortController()
  const waiting = second.grow(1, controller.signal)
  const reason = new Error('gave up')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  second.release()
  first.release()
  expect(await grows(budget.share(10), 10)).toBe(true)
})

it('gives a buffer again that was given back, and keeps no more than there may be', async () => {
  const budget = bufferBudget(16)
  const share = budget.share(16)
  const buffers = [8, 8, 8].map((bytes) => budget.takeBuffer(bytes))
  for (const buffer of buffers) budget.giveBuffer(buffer)
  expect([8, 8].map((bytes) => budget.takeBuffer(bytes))).toEqual(expect.arrayContaining([buffers[0], buffers[1]]))
  expect(budget.takeBuffer(8)).not.toBe(buffers[2])
  for (const buffer of buffers.slice(0, 2)) budget.giveBuffer(buffer)
  expect(await grows(share, 12)).toBe(true)
  budget.takeBuffer(12)
  expect(buffers, 'four bytes are free, and no spare buffer fits in them').not.toContain(budget.takeBuffer(8))
})

it('keeps no buffer behind the last put', async () => {
  const budget = bufferBudget(16)
  const [first, second] = [budget.share(8), budget.share(8)]
  const [early, late] = [budget.takeBuffer(8), budget.takeBuffer(8)]
  budget.giveBuffer(early)
  first.release()
  expect(budget.takeBuffer(8), 'there is another put').toBe(early)
  budget.giveBuffer(early)
  second.release()
  budget.giveBuffer(late)
  expect([early, late]).not.toContain(budget.takeBuffer(8))
})
