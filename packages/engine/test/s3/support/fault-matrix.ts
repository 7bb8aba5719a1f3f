import { type ErrorCode, RegistryError } from '@registry/core'
import { describe, expect, it } from 'vitest'
import { faultAt, type FaultKind, faultKinds } from './fault-kinds.js'
import type { Operation } from './operation.js'
import { Stage } from './stage.js'
import { visible } from './visible.js'

/** Of all runs of an operation under a kind of fault, on a machine that has much else to do. */
const longest = 120_000

/** Each operation, without a fault, and under each fault at each of its requests. */
export function faultMatrix(title: string, operations: readonly Operation[]): void {
  describe.concurrent.each(operations)(`${title}: $name`, (operation) => {
    const requests = [...operation.before, ...(operation.behind ?? [])]
    const whole = runWhole(operation)

    it('makes the requests that are listed, and comes to its end', async () => {
      expect([...(await whole).requests].sort().join(' ')).toBe([...requests].sort().join(' '))
    })

    if (requests.length === 0) return
    const kinds = faultKinds.filter(({ only }) => only === undefined || requests.some((request) => only.includes(request)))
    it.each(kinds)('is done or cleanly refused, and leaves nothing, under $name', async (kind) => {
      const { after } = await whole
      const runs = ['each', 'all'].includes(kind.strikes) ? 1 : requests.length
      for (let n = 1; n <= runs; n++) await runUnder(operation, kind, n, after)
    }, longest)
  })
}

interface Whole {
  readonly requests: readonly string[]
  /** What is to be seen then. */
  readonly after: object
}

/** The operation where nothing fails. Begun once, awaited by each test that needs it. */
function runWhole(operation: Operation): PromiseLike<Whole> {
  let begun: Promise<Whole> | undefined
  const run = async (): Promise<Whole> => {
    await using stage = await prepared(operation, { retries: 0 })
    const { server, bench } = stage
    expect(await outcomeOf(operation, stage)).toBe(operation.refuses ?? 'done')
    await bench.settled()
    const requests = server.takeRequests().map((request) => request.operation)
    const after = await seen(operation, stage)
    expect(bench.backgroundErrors).toEqual([])
    await stage.letDaysPass()
    expect(await stage.problems()).toEqual([])
    return { requests, after }
  }
  return {
    then: (resolve, reject) => (begun ??= run()).then(resolve, reject),
  }
}

async function runUnder(operation: Operation, kind: FaultKind, n: number, after: object): Promise<void> {
  const { retries, requestTimeout } = kind
  await using stage = await prepared(operation, { retries, ...(requestTimeout !== undefined && { requestTimeout }) })
  const { server, bench } = stage
  const where = `${kind.name} at request ${n}`
  const look = (): Promise<object> => seen(operation, stage)
  const before = await look()

  const injected = server.inject(faultAt(kind, n))
  const outcome = await outcomeOf(operation, stage)
  await bench.settled()
  injected.remove()
  expect(injected.struck, `${where}: strikes`).toBeGreaterThan(0)

  const whole = operation.refuses ?? 'done'
  const isDone = outcome === whole
  const { isSweep = false, isStepwise = false } = operation
  if (!isSweep) {
    const isBehind = n > operation.before.length
    if (kind.expected === 'done' || (isBehind && !isStepwise)) expect(outcome, where).toBe(whole)
    else if (kind.expected === 'refused' && !isStepwise) expect(outcome, where).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    const now = await look()
    if (isDone) expect(now, `${where}: seen when it was done`).toEqual(after)
    else if (isStepwise) expect(JSON.stringify(now), `${where}: seen when it was refused`).not.toMatch(/CORRUPT|INTERNAL|UNAVAILABLE/)
    // A refusal that may have been carried out says so; any other has changed nothing.
    else if (outcomeField(outcome) !== 'unknown') expect(now, `${where}: seen when it was refused`).toEqual(before)
    else expect([JSON.stringify(before), JSON.stringify(after)], `${where}: seen when its outcome was unknown`).toContain(JSON.stringify(now))
  }
  if (kind.expected === 'done') expect(bench.backgroundErrors, where).toEqual([])
  if (!mayLeaveParts(kind)) expect(server.uploads(), `${where}: parts`).toEqual([])

  if (!isDone && operation.isSweep !== true) {
    stage.isOver = true
    const again = await outcomeOf(operation, stage)
    const known: readonly unknown[] = [whole, ...(operation.doneAlready ?? [])]
    expect(known, `${where}: done again, ${String(again)}`).toContain(RegistryError.is(again) ? again.code : again)
    await bench.settled()
    expect(await look(), `${where}: seen when it was done again`).toEqual(after)
  }
  await stage.letDaysPass()
  expect(await stage.problems(), `${where}: left`).toEqual([])
}

/** Where the driver cannot say so to the store, or was not told the id: the sweep takes them. */
function mayLeaveParts({ fault: { kind }, strikes }: FaultKind): boolean {
  return strikes === 'all' || strikes === 'from nth' || kind === 'lost-answer' || kind === 'reset-response'
}

async function prepared(operation: Operation, driver: { readonly retries: number; readonly requestTimeout?: number }): Promise<Stage> {
  const stage = await Stage.open({ driver })
  try {
    const { isStart = false, isLate = false } = operation
    if (!isLate) await operation.given?.(stage)
    await stage.bench.settled()
    if (!isStart) await stage.enterUnharmed()
    await stage.bench.settled()
    if (isLate) await operation.given?.(stage)
    await stage.bench.settled()
    stage.server.takeRequests()
    return stage
  } catch (error) {
    await stage[Symbol.asyncDispose]()
    throw error
  }
}

async function seen({ isFirst = false, blobs = [] }: Operation, stage: Stage): Promise<object> {
  return isFirst ? {} : visible(stage, blobs)
}

/** `done`, the code that the operation ends with anyhow, or the error that the fault made of it. */
async function outcomeOf(operation: Operation, stage: Stage): Promise<'done' | ErrorCode | RegistryError> {
  try {
    await operation.run(stage)
    return 'done'
  } catch (error) {
    if (operation.isSweep === true) return 'UNAVAILABLE'
    if (!RegistryError.is(error)) throw error
    return error.code === operation.refuses ? error.code : error
  }
}

function outcomeField(outcome: unknown): unknown {
  return RegistryError.is(outcome) ? outcome.outcome : undefined
}
