import type { ConformanceCase, Harness } from './conformance-case.js'
import { ConformanceError, expectedNoError } from './expectations.js'

interface Closable {
  readonly capabilities: object
  close(): Promise<void>
}

/** Judges the run of a case, and nothing of what the harness does before and after it. */
export type Judgement = (run: () => Promise<void>) => Promise<void>

/**
 * Runs one case in a namespace of its own; rejects where the store does not keep the clause.
 *
 * @param judge - default: the case has to pass
 */
export async function runCase<Store extends Closable>(
  testCase: ConformanceCase<Store>,
  harness: Harness<Store>,
  judge: Judgement = (run) => run(),
): Promise<void> {
  const namespace = await harness()
  const opened: Store[] = []
  const open = async (): Promise<Store> => {
    const store = await namespace.open()
    opened.push(store)
    return store
  }
  const running = async (): Promise<void> => {
    const run = chosen(testCase, testCase.needs !== undefined && !claims(await open(), testCase.needs))
    await judge(() =>
      run({ open, schemas: namespace.schemas }).catch((error: unknown) => {
        throw error instanceof ConformanceError ? error : expectedNoError(testCase, error)
      }),
    )
  }
  const [outcome] = await Promise.allSettled([running()])
  const closings = await Promise.allSettled(opened.map(async (store) => store.close()))
  const [destruction] = await Promise.allSettled([namespace.destroy()])
  // What the case itself found comes first.
  if (outcome.status === 'rejected') throw outcome.reason
  if (destruction.status === 'rejected') throw destruction.reason
  for (const closing of closings) if (closing.status === 'rejected') throw expectedNoError(testCase, closing.reason)
}

function claims(store: Closable, capability: string): boolean {
  return (store.capabilities as Record<string, unknown>)[capability] === true
}

function chosen<Store>(testCase: ConformanceCase<Store>, unclaimed: boolean): ConformanceCase<Store>['run'] {
  if (!unclaimed) return testCase.run.bind(testCase)
  if (testCase.otherwise) return testCase.otherwise.bind(testCase)
  throw new TypeError(`case ${testCase.id} needs ${String(testCase.needs)} and has no mirror case`)
}
