import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { driverCases, driverConformance, runCase } from '../src/conformance/index.js'
import type { Driver } from '../src/driver.js'
import { memoryDriver } from '../src/memory/index.js'
import { presigns } from './driver-mutants/capabilities.js'
import { driverMutants } from './driver-mutants/index.js'
import { pageMutants } from './driver-mutants/list.js'
import { mutant, type DriverMutant } from './driver-mutants/mutant.js'
import { memoryHarness } from './memory-harness.js'

driverConformance({ name: 'memory', harness: memoryHarness((storage) => memoryDriver({ storage, objectBytes: 2 ** 26 })), describe, it })

const presigning = mutant('presigning', 'nothing', presigns((presign) => presign))
driverConformance({ name: 'memory that presigns', harness: memoryHarness((storage) => presigning.make(storage)), describe, it })

/** Case by mutant: what the case found. */
const findings = new Map<string, Map<string, string>>()

describe('mutants of the memory driver', () => {
  let hurry: NodeJS.Timeout | undefined

  beforeAll(async () => {
    // Mutants that never answer would take the whole patience of the suite; nothing true waits for a timer here.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    hurry = setInterval(() => vi.advanceTimersByTime(2000), 20)
    for (const testCase of driverCases) findings.set(testCase.id, new Map())
    for (const broken of driverMutants) {
      await Promise.all(driverCases.filter((testCase) => isTried(testCase, broken)).map((testCase) => tryOut(broken, testCase)))
    }
  }, 180_000)

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

  it.each(driverCases)('$id is failed by a mutant', ({ id }) => {
    expect([...findings.get(id)!.keys()], `no mutant fails the case ${id}, so nothing shows that it tests anything`).not.toEqual([])
  })
})

/** Ten thousand objects take half a second: they are spent on the mutants that they are there for. */
function isTried({ id }: (typeof driverCases)[number], broken: DriverMutant): boolean {
  return id !== 'list/ten-thousand' || pageMutants.includes(broken)
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
