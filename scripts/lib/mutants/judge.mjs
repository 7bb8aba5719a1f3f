import { applyMutant, copyWorkspace } from './copy.mjs'
import { ofName, packageOf, runTests } from './named-tests.mjs'

/**
 * Runs the named test of each mutant, first on the code as it is. Resolves with `{ mutant, result, seconds, message }`
 * for each, in order; `onVerdict` is told as they come.
 */
export async function judgeAll(mutants, { workers, onVerdict }) {
  const copies = Array.from({ length: workers }, copyWorkspace)
  try {
    const verdicts = new Map()
    const tell = (mutant, verdict) => {
      verdicts.set(mutant, { mutant, ...verdict })
      onVerdict(verdicts.get(mutant))
    }
    const ran = await runUnpatched(mutants, copies)
    await inParallel(mutants, copies, async (mutant, { folder }) => {
      const started = performance.now()
      const { result, message } = lacking(mutant, ran) ?? (await judge(mutant, folder))
      tell(mutant, { result, seconds: (performance.now() - started) / 1000, message })
    })
    return mutants.map((mutant) => verdicts.get(mutant))
  } finally {
    for (const { remove } of copies) remove()
  }
}

async function runUnpatched(mutants, copies) {
  const tests = mutants.map(({ test }) => test)
  const homes = new Set(tests.map(({ file }) => packageOf(file)))
  const ran = []
  await inParallel([...homes], copies, async (home, { folder }) => {
    ran.push(...(await runTests(folder, tests.filter(({ file }) => packageOf(file) === home))))
  })
  return ran
}

/** What keeps the named test from being of use. */
function lacking({ test }, ran) {
  const named = ofName(ran, test)
  if (named.length === 0) return { result: 'NO TEST', message: `${test.file} has no such test, or it is skipped here` }
  const failing = named.find(({ status }) => status === 'failed')
  return failing && { result: 'TEST FAILS', message: firstLine(failing.message) }
}

async function judge(mutant, folder) {
  const { restore, problem } = applyMutant(folder, mutant)
  if (problem !== undefined) return { result: 'DOES NOT APPLY', message: problem }
  try {
    const named = ofName(await runTests(folder, [mutant.test]), mutant.test)
    if (named.length === 0) return { result: 'NO VERDICT', message: `with the patch ${mutant.test.file} does not load or does not end` }
    const failing = named.find(({ status }) => status === 'failed')
    return failing ? { result: 'killed', message: firstLine(failing.message) } : { result: 'SURVIVED' }
  } finally {
    restore()
  }
}

async function inParallel(items, copies, work) {
  const queue = items.values()
  await Promise.all(
    copies.map(async (copy) => {
      for (const item of queue) await work(item, copy)
    }),
  )
}

function firstLine(message) {
  return message?.split('\n', 1)[0]
}
