import type { ByteRange } from '../../driver.js'
import { ConformanceError, expectBytes, expectCode, expectReason } from '../expectations.js'
import { expectHead, expectInfo, expectInfos, inOrder } from './walk-model.js'
import { readAll } from './objects.js'
import type { Held, Step, Walker } from './walker.js'

export function headStep(walker: Walker): Step {
  const [key, instance] = [walker.anyKey(), walker.anyInstance()]
  return { words: `head(${key}) by instance ${instance + 1}`, run: () => expectHead(walker.model, walker.driver(instance), key) }
}

/** An open of what is there or is not, with or without a range, which is read, left, or held for a later step. */
export function openStep(walker: Walker): Step {
  const { random, model } = walker
  const [key, instance] = [walker.anyKey(), walker.anyInstance()]
  const object = model.objects.get(key)
  const size = object?.bytes.byteLength ?? 10
  const range = random.percent(50) ? rangeOf(walker, size) : undefined
  const how = random.pick(['read', 'read', 'left', 'held', 'held', 'aborted'] as const)
  const isBegun = random.percent(50)
  const isRefused = range !== undefined && (range.start >= size || (range.end ?? size) <= range.start)
  const what = range ? `bytes ${range.start} to ${range.end ?? 'the last'} of ${key}` : key
  return {
    words: `open of ${what} by instance ${instance + 1}, which is ${how}`,
    async run() {
      const driver = walker.driver(instance)
      const controller = new AbortController()
      const opening = driver.open(key, { range, signal: how === 'read' || how === 'aborted' ? controller.signal : undefined })
      if (!object) {
        await expectCode('open', 'NOT_FOUND', opening)
        return
      }
      if (isRefused) {
        await expectCode('open', 'RANGE_INVALID', opening)
        return
      }
      const opened = await opening
      expectInfo('facts in open', opened.info, object.info)
      const bytes = object.bytes.subarray(range?.start ?? 0, range?.end ?? size)
      if (how === 'read') {
        expectBytes('bytes', await readAll(opened), bytes)
      } else if (how === 'aborted') {
        const reason = new Error('aborted before the rest was read')
        const rest = opened.body[Symbol.asyncIterator]()
        const first = isBegun ? await rest.next() : undefined
        controller.abort(reason)
        const reading = readAll({ info: opened.info, body: { [Symbol.asyncIterator]: () => rest }, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() })
        // Where everything has come already, nothing is left to break off.
        if (first && (first.done === true || first.value.byteLength === bytes.byteLength)) await reading.catch(() => undefined)
        else await expectReason('reading on', reason, reading)
      } else {
        const held: Held = { what: `${what}, opened by instance ${instance + 1}`, key, instance, opened, bytes, rest: undefined, first: undefined, since: new Set() }
        if (isBegun) {
          held.rest = opened.body[Symbol.asyncIterator]()
          const first = await held.rest.next()
          held.first = first.done === true ? undefined : Uint8Array.from(first.value)
        }
        if (how === 'left') await opened[Symbol.asyncDispose]()
        else walker.held.push(held)
      }
    },
  }
}

/** Reads on what an earlier step has opened: whole, whatever overwrote it since, or an error where it was deleted or its driver closed. */
export function readOnStep(walker: Walker): Step {
  const held = walker.held.splice(walker.random.below(walker.held.length), 1)[0]!
  return {
    words: `reading on ${held.what}${held.since.size > 0 ? `, ${[...held.since].join(' and ')} since` : ''}`,
    async run() {
      try {
        const body = held.rest ? { [Symbol.asyncIterator]: () => held.rest! } : held.opened.body
        const rest = await readAll({ info: held.opened.info, body, [Symbol.asyncDispose]: () => held.opened[Symbol.asyncDispose]() })
        expectBytes('bytes', held.first ? Buffer.concat([held.first, rest]) : rest, held.bytes)
      } catch (error) {
        if (error instanceof ConformanceError || !(held.since.has('deleted') || held.since.has('closed'))) throw error
      }
    },
  }
}

/** A list with any prefix and any after, read to its end, left, or aborted. */
export function listStep(walker: Walker): Step {
  const { random, model } = walker
  const instance = walker.anyInstance()
  const cut = (key: string): string => key.slice(0, 1 + random.below(key.length))
  const prefix = random.percent(60) ? (random.percent(50) ? walker.anyKey().slice(0, 1) : cut(walker.anyKey())) : undefined
  const after = random.percent(40) ? (random.percent(50) ? walker.anyKey() : cut(walker.anyKey())) : undefined
  const expected = inOrder(model, (key) => key.startsWith(prefix ?? '') && key > (after ?? ''))
  const how = expected.length < 2 ? 'read' : random.pick(['read', 'read', 'read', 'left', 'aborted'] as const)
  const taken = how === 'read' ? expected.length : 1 + random.below(expected.length - 1)
  const what = `list(${JSON.stringify({ prefix, after })})`
  return {
    words: `${what} by instance ${instance + 1}, ${how === 'read' ? 'to its end' : `${how} behind ${taken} of ${expected.length} objects`}`,
    async run() {
      const controller = new AbortController()
      const reason = new Error('aborted in the loop')
      const got: Parameters<typeof expectInfos>[1][number][] = []
      const listing = async (): Promise<void> => {
        for await (const info of walker.driver(instance).list({ prefix, after, signal: controller.signal })) {
          // Keys of walks beside this one are not its business.
          if (!walker.keys.includes(info.key)) continue
          got.push(info)
          if (how !== 'read' && got.length === taken) {
            if (how === 'left') return
            controller.abort(reason)
          }
        }
      }
      await (how === 'aborted' ? expectReason(what, reason, listing()) : listing())
      expectInfos(what, got, expected.slice(0, taken))
    },
  }
}

function rangeOf({ random }: Walker, size: number): ByteRange {
  const start = random.below(size + 2)
  const kind = random.below(6)
  if (kind === 0) return { start }
  if (kind === 1) return { start, end: size + 1 + random.below(100) }
  if (kind === 2) return { start: random.below(Math.min(size, 10) + 1), end: Math.min(size, 20) }
  return { start, end: start + random.below(size - Math.min(size, start) + 1) }
}

