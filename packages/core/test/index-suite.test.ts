import { describe, expect, it } from 'vitest'
import { RegistryError } from '../src/errors.js'
import { type Harness, indexCases, indexConformance, runCase } from '../src/conformance/index.js'
import type { Index } from '../src/index-store.js'
import { memoryIndex, type MemoryIndexStorage } from '../src/memory/index.js'
import { indexMutants } from './index-mutants/index.js'
import { harnessOf, limits } from './index-mutants/mutant.js'
import { schemaMutants } from './index-mutants/schema-mutants.js'
import { versionedHarness } from './index-mutants/versioned-index.js'

function withoutSearch(storage: MemoryIndexStorage, search?: Index['search']): Index {
  const index = memoryIndex({ storage, limits })
  const refuse = async (): Promise<never> => {
    throw new RegistryError('UNSUPPORTED', 'this index does not search')
  }
  return { ...index, capabilities: Object.freeze({ ...index.capabilities, search: false }), search: search ?? refuse }
}

/** Ids of the cases that the index fails. */
async function failures(harness: Harness<Index>, cases = indexCases): Promise<readonly string[]> {
  const failed: string[] = []
  for (const testCase of cases) await runCase(testCase, harness).catch(() => failed.push(testCase.id))
  return failed
}

indexConformance({ name: 'memory', harness: harnessOf((storage) => memoryIndex({ storage })), describe, it })
indexConformance({ name: 'memory with the limits of the mutants', harness: harnessOf((storage) => memoryIndex({ storage, limits })), describe, it })
indexConformance({ name: 'an index that does not claim search', harness: harnessOf((storage) => withoutSearch(storage)), describe, it })
indexConformance({ name: 'an index whose data has a version', harness: versionedHarness(), describe, it })

describe('index suite', () => {
  it('has ids that are unique', () => {
    const ids = [...indexCases, ...indexMutants].map(({ id }) => id)
    expect(ids.filter((id, number) => ids.indexOf(id) !== number)).toEqual([])
  })

  it('fails an index that searches though it does not claim to', async () => {
    const faking = harnessOf((storage) => withoutSearch(storage, async () => ({ entries: [], more: false })))
    expect(await failures(faking)).toEqual(indexCases.filter(({ needs }) => needs === 'search').map(({ id }) => id))
  })

  it('has a mutant for each case about schemas whose harness knows other ones, and one whose harness does not', async () => {
    const about = indexCases.filter(({ id }) => id.startsWith('schema/'))
    const failed = (await Promise.all(schemaMutants.map(async ({ harness }) => failures(harness, about)))).flat()
    expect(about.filter(({ id }) => !failed.includes(id))).toEqual([])
    expect(await failures(harnessOf(() => memoryIndex({ limits })), about)).toEqual(about.map(({ id }) => id))
  })

  it('proves of a first release, whose harness knows nothing older, that it refuses the data of a later one', async () => {
    const about = indexCases.filter(({ id }) => id.startsWith('schema/'))
    const firstRelease = (change?: Parameters<typeof versionedHarness>[0]): Harness<Index> => async () => {
      const { schemas, ...namespace } = await versionedHarness(change)()
      return { ...namespace, schemas: { newer: () => schemas!.newer(), fingerprint: () => schemas!.fingerprint() } }
    }
    expect(await failures(firstRelease(), about)).toEqual([])
    expect(await failures(firstRelease({ check: () => {} }), about)).toEqual(['schema/newer'])
  })

  it('catches every mutant, and has no case that none fails', { timeout: 300_000 }, async () => {
    const table = new Map<string, readonly string[]>()
    const { stackTraceLimit } = Error
    // Many thousand conflicts are thrown here; nobody reads where from.
    Error.stackTraceLimit = 0
    // Walks and those about thousands of entries take their time, and are for the mutants that no other case catches.
    const tierOf = (id: string): number => (/thousands|default-limit/.test(id) ? 2 : /walk\/(one|two|search)/.test(id) ? 1 : 0)
    const tiers = [0, 1, 2].map((tier) => indexCases.filter(({ id }) => tierOf(id) === tier))
    for (const { id, harness } of indexMutants) {
      let failed: readonly string[] = []
      for (const tier of tiers) if (failed.length === 0) failed = await failures(harness, tier)
      table.set(id, failed)
    }
    Error.stackTraceLimit = stackTraceLimit
    const survivors = indexMutants.filter(({ id }) => table.get(id)!.length === 0).map(({ id, breaks }) => `${id}: ${breaks}`)
    const killers = indexCases.map(({ id }) => ({ id, mutants: [...table].filter(([, failed]) => failed.includes(id)).map(([mutant]) => mutant) }))
    const idle = killers.filter(({ mutants }) => mutants.length === 0).map(({ id }) => id)
    const shown = killers.map(({ id, mutants }) => `${id}: ${mutants.join(' ') || '-'}`).join('\n')
    process.stdout.write(`Index suite: ${indexMutants.length} mutants, ${indexCases.length} cases. Each case, and the mutants that fail it:\n${shown}\n`)
    expect({ survivors, idle }, `case: the mutants that fail it\n${shown}`).toEqual({ survivors: [], idle: [] })
  })
})
