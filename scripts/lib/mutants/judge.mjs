import { Bench } from './bench.mjs'
import { applyMutant } from './copy.mjs'
import { ofName, packageOf } from './named-tests.mjs'

/**
 * Runs the named test of each mutant, first on the code as it is, unless that is assumed to pass. Resolves with
 * `{ mutant, result, seconds, message }` for each, in order; `onVerdict` is told as they come.
 */
export async function judgeAll(mutants, { workers, assumePassing = false, onVerdict }) {
  const benches = Array.from({ length: workers }, () => new Bench())
  try {
    const verdicts = new Map()
    const tell = (mutant, verdict) => {
      verdicts.set(mutant, { mutant, ...verdict })
      onVerdict(verdicts.get(mutant))
    }
    const byFile = groupedByFile(mutants)
    const unpatched = assumePassing ? undefined : await runUnpatched(byFile, benches)
    await inParallel(byFile.flat(), benches, async (mutant, bench) => {
      const started = performance.now()
      const { result, message } = (unpatched && lacking(mutant, unpatched)) ?? (await judge(mutant, bench))
      tell(mutant, { result, seconds: (performance.now() - started) / 1000, message })
    })
    return mutants.map((mutant) => verdicts.get(mutant))
  } finally {
    await Promise.all(benches.map((bench) => bench.remove()))
  }
}

/**
 * The mutants of each test file. They are package by package, since a session is for one; and begin with the most, which
 * take longest, so that no bench is left alone with them in the end.
 */
function groupedByFile(mutants) {
  const byPackage = grouped(mutants, ({ test }) => packageOf(test.file))
  return byPackage.flatMap((ofPackage) => grouped(ofPackage, ({ test }) => test.file))
}

function grouped(items, keyOf) {
  const groups = new Map()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return [...groups.values()].sort((a, b) => b.length - a.length)
}

/** For each test file what ran of it. */
async function runUnpatched(byFile, benches) {
  const unpatched = new Map()
  await inParallel(byFile, benches, async (ofFile, bench) => {
    const tests = ofFile.map(({ test }) => test)
    unpatched.set(tests[0].file, await bench.run(tests))
  })
  return unpatched
}

/** What keeps the named test from being of use. */
function lacking({ test }, unpatched) {
  const named = ofName(unpatched.get(test.file), test)
  if (named.length === 0) return { result: 'NO TEST', message: `${test.file} has no such test, or it is skipped here` }
  const failing = named.find(({ status }) => status === 'failed')
  return failing && { result: 'TEST FAILS', message: firstLine(failing.message) }
}

async function judge(mutant, bench) {
  const { changed, restore, problem } = applyMutant(bench.folder, mutant)
  if (problem !== undefined) return { result: 'DOES NOT APPLY', message: problem }
  try {
    const named = ofName(await bench.run([mutant.test], { changed, bail: 1 }), mutant.test)
    if (named.length === 0) return { result: 'NO VERDICT', message: `with the patch ${mutant.test.file} has no such test, does not load, or does not end` }
    const failing = named.find(({ status }) => status === 'failed')
    return failing ? { result: 'killed', message: firstLine(failing.message) } : { result: 'SURVIVED' }
  } finally {
    restore()
  }
}

async function inParallel(items, benches, work) {
  const queue = items.values()
  await Promise.all(
    benches.map(async (bench) => {
      for (const item of queue) await work(item, bench)
    }),
  )
}

function firstLine(message) {
  return message?.split('\n', 1)[0]
}
