import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { driverCases, driverConformance, runCase } from '../src/conformance/index.js'
import type { Driver } from '../src/driver.js'
import { memoryDriver } from '../src/memory/index.js'
import { presigns } from './driver-mutants/capabilities.js'
import { deleteMutants } from './driver-mutants/delete.js'
import { driverMutants, pathMutants } from './driver-mutants/index.js'
import { largeMutants, type LargeMutant } from './driver-mutants/large.js'
import { pageMutants } from './driver-mutants/list.js'
import { handleMutants, thousandMutants } from './driver-mutants/many.js'
import { mutant, type DriverMutant } from './driver-mutants/mutant.js'
import type { PathMutant } from './driver-mutants/path.js'
import { memoryHarness } from './memory-harness.js'

driverConformance({ name: 'memory', harness: memoryHarness((storage) => memoryDriver({ storage, objectBytes: 88 * 2 ** 20 })), describe, it })

const presigning = mutant('presigning', 'nothing', presigns((presign) => presign))
driverConformance({ name: 'memory that presigns', harness: memoryHarness((storage) => presigning.make(storage)), describe, it })

/** Cases that take long, and the mutants that they are there for: no others are tried on them. */
const reserved: ReadonlyMap<string, readonly DriverMutant[]> = new Map([
  ['list/ten-thousand', pageMutants],
  ['list/thousands-changed-meanwhile', thousandMutants],
  ['list/thousands-side-by-side', thousandMutants],
  ['delete/thousand', [...thousandMutants, ...deleteMutants]],
  ['open/dispose-unread-many', handleMutants],
  ['open/refused-many', handleMutants],
  ['list/left-many', handleMutants],
  ['walk/one-instance', []],
  ['walk/two-instances', []],
  ['walk/concurrent', []],
])

const largeCase = /\/(large|at-limit|beyond-limit)/

/** Case by mutant: what the case found. */
const findings = new Map<string, Map<string, string>>()

describe('mutants of the memory driver', () => {
  let hurry: NodeJS.Timeout | undefined

  beforeAll(async () => {
    for (const testCase of driverCases) findings.set(testCase.id, new Map())
    // One case after the other where they hold megabytes, and with true timers: they take their time, and each of these mutants answers.
    for (const broken of [...largeMutants, ...pathMutants]) for (const testCase of casesFor(broken)) await tryOut(broken, testCase)
    // Mutants that never answer would take the whole patience of the suite; nothing true waits for a timer here.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    hurry = setInterval(() => vi.advanceTimersByTime(1000), 20)
    for (const broken of driverMutants) {
      if (!isLarge(broken) && !isPath(broken)) await Promise.all(casesFor(broken).map((testCase) => tryOut(broken, testCase)))
    }
  }, 600_000)

  afterAll(() => {
    clearInterval(hurry)
    vi.useRealTimers()
    const table = [...findings].map(([caseId, mutants]) => `${caseId}: ${[...mutants.keys()].join(' ') || '-'}`).join('\n')
    process.stdout.write(`Driver suite: ${driverMutants.length} mutants, ${driverCases.length} cases. Each case, and the mutants that fail it:\n${table}\n`)
  })

  it('have ids of their own, as the cases have', () => {
    for (const ids of [driverMutants.map(({ id }) => id), driverCases.map(({ id }) => id)]) expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(driverMutants)('$id is found out: $breaks', ({ id }) => {
    const killers = [...findings].filter(([, mutants]) => mutants.has(id)).map(([caseId]) => caseId)
    expect(killers, `no case fails the mutant ${id}`).not.toEqual([])
  })

  it.each(largeMutants)('$id is found out by $shownBy, and by no smaller case', ({ id, shownBy }) => {
    expect([...findings].filter(([, mutants]) => mutants.has(id)).map(([caseId]) => caseId)).toEqual([shownBy])
  })

  it.each(pathMutants)('$id is found out by $triedOn', ({ id, triedOn }) => {
    expect([...findings.get(triedOn)!.keys()]).toContain(id)
  })

  it.each(driverCases)('$id is failed by a mutant', ({ id }) => {
    expect([...findings.get(id)!.keys()], `no mutant fails the case ${id}, so nothing shows that it tests anything`).not.toEqual([])
  })
})

function casesFor(broken: DriverMutant): typeof driverCases {
  if (isPath(broken)) return driverCases.filter(({ id }) => id === broken.triedOn)
  return driverCases.filter(({ id }) => {
    // For a small mutant the large cases are small, too: they scale with its limit.
    if (isLarge(broken) && largeCase.test(id)) return broken.shownBy === id
    return reserved.get(id)?.includes(broken) ?? true
  })
}

function isLarge(broken: DriverMutant): broken is LargeMutant {
  return 'shownBy' in broken
}

function isPath(broken: DriverMutant): broken is PathMutant {
  return 'triedOn' in broken
}

async function tryOut(broken: DriverMutant, testCase: (typeof driverCases)[number]): Promise<void> {
  const run = runCase<Driver>(testCase, memoryHarness((storage) => broken.make(storage)))
  const impatience = new Promise<never>((_, reject) => setTimeout(reject, 60_000, new Error('the case did not end')))
  try {
    await Promise.race([run, impatience])
  } catch (error) {
    findings.get(testCase.id)!.set(broken.id, String(error))
  }
}
