import type { Driver } from '../../driver.js'
import { expectEqual, expectReason } from '../expectations.js'
import { bodyOf, nextTurn, patternBytes } from './bodies.js'
import { expectContents, expectObject, keyBytes, listKeys, putBytes, putKeys, readAll, type DriverCase } from './objects.js'

/** Turns of other work between a call and its abort: whatever a call waits for is interrupted by one of them. */
const moments = [0, 1, 2, 3, 5, 8] as const

/**
 * Calls, aborts some turns later, and sees that the call rejects with the reason itself, unless it has its answer already.
 *
 * @returns whether it was answered
 */
async function interrupt<Answer>(
  what: string,
  turns: number,
  call: (signal: AbortSignal) => Promise<Answer>,
  check: (answer: Answer, reason: unknown) => Promise<void>,
): Promise<boolean> {
  const controller = new AbortController()
  const reason = new Error(`aborted ${turns} turns after the call`)
  let answered = false
  const called = call(controller.signal).then(async (answer) => {
    answered = true
    controller.abort(reason)
    await check(answer, reason)
    throw reason
  })
  const expected = expectReason(`${what}, aborted ${turns} turns after the call`, reason, called)
  await Promise.all([expected, abortLater(controller, reason, turns)])
  return answered
}

async function abortLater(controller: AbortController, reason: unknown, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn()
  controller.abort(reason)
}

export const abortDuringCases: readonly DriverCase[] = [
  {
    id: 'head/aborted-during',
    clause: 'head whose signal is aborted meanwhile rejects with signal.reason itself, or has its answer already.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(10))
      for (const turns of moments) {
        await interrupt('head', turns, (signal) => driver.head('folder/key', { signal }), async (info) => {
          expectEqual('key and size in an answer that came before the abort', [info?.key, info?.size], ['folder/key', 10])
        })
      }
    },
  },
  {
    id: 'open/aborted-during',
    clause: 'open whose signal is aborted meanwhile rejects with signal.reason itself, or has its object already, whose body then does.',
    async run({ open }) {
      const driver = await open()
      await putBytes(driver, 'folder/key', patternBytes(10))
      for (const turns of moments) {
        await interrupt('open', turns, (signal) => driver.open('folder/key', { signal }), async (object, reason) => {
          await expectReason('reading an object whose signal was aborted when it was open', reason, readAll(object))
        })
      }
      await expectContents('after opens that were aborted', driver, { 'folder/key': patternBytes(10) })
    },
  },
  {
    id: 'delete/aborted-during',
    clause: 'delete whose signal is aborted meanwhile rejects with signal.reason itself, or is done. Each key is there, whole, or gone; others stay.',
    async run({ open }) {
      const driver = await open()
      const keys = Array.from({ length: 12 }, (_, i) => `folder/${i % 3}/${i}`)
      await putKeys(driver, ['folder/1/stays'])
      for (const turns of moments) {
        await putKeys(driver, keys)
        const answered = await interrupt('delete', turns, (signal) => driver.delete(keys, { signal }), async () => undefined)
        const left = await listKeys(driver)
        if (answered) expectEqual('keys after a delete that was done before its abort', left, ['folder/1/stays'])
        expectEqual('keys that were not to be deleted, after an abort', left.filter((key) => !keys.includes(key)), ['folder/1/stays'])
        for (const key of left) await expectObject(driver, key, keyBytes(key))
      }
      await driver.delete(keys)
      expectEqual('keys after a delete of what aborted ones have left', await listKeys(driver), ['folder/1/stays'])
    },
  },
  {
    id: 'put/aborted-during',
    clause: 'put whose signal is aborted at any moment rejects with signal.reason itself, the key as it was, or has stored the whole object.',
    async run({ open }) {
      const driver = await open()
      for (const [index, turns] of moments.entries()) {
        const [old, bytes] = [patternBytes(100, index + 1), patternBytes(250, index + 100)]
        const before = { 'folder/neighbour': old, 'folder/old': old }
        for (const key of Object.keys(before)) await putBytes(driver, key, old)
        for (const key of ['folder/new', 'folder/old']) {
          const put = (signal: AbortSignal): Promise<unknown> => driver.put(key, bodyOf(bytes, 100), { signal })
          const answered = await interrupt(`put of ${key}`, turns, put, async () => undefined)
          const when = `after a put of ${key} that ${answered ? 'was done before its abort' : 'was aborted'}, ${turns} turns after the call`
          await expectContents(when, driver, answered ? { ...before, [key]: bytes } : before)
          await restore(driver, old)
        }
      }
    },
  },
  {
    id: 'list/aborted-waiting',
    clause: 'A list whose signal is aborted while its next object is awaited yields at most that one, and throws signal.reason itself.',
    async run({ open }) {
      const driver = await open()
      await putKeys(driver, Array.from({ length: 20 }, (_, i) => `folder/${i % 4}/${i}`))
      const selections = [{}, { prefix: 'folder/' }, { after: 'a' }]
      const trials = [[0, 0], [0, 1], [1, 0], [1, 1], [7, 2], [7, 5]] as const
      for (const [before, turns, selection] of selections.flatMap((options) => trials.map((trial) => [...trial, options] as const))) {
        const controller = new AbortController()
        const reason = new Error(`aborted behind ${before} objects`)
        const objects = driver.list({ ...selection, signal: controller.signal })[Symbol.asyncIterator]()
        for (let i = 0; i < before; i++) await objects.next()
        const awaited = objects.next()
        const aborted = abortLater(controller, reason, turns)
        const goingOn = awaited.then(async () => {
          await aborted
          return (await objects.next()).value as unknown
        })
        await expectReason(`list, aborted ${turns} turns after object ${before + 1} of list(${JSON.stringify(selection)}) was asked for`, reason, goingOn)
      }
    },
  },
]

/** The old objects alone, whatever became of the put. */
async function restore(driver: Driver, old: Uint8Array): Promise<void> {
  await driver.delete(['folder/new'])
  await putBytes(driver, 'folder/old', old)
}
