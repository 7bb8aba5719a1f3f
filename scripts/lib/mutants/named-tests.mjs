import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { onInterrupt } from '../run-tool.mjs'
import { readJson, root, toolEnvironment } from '../workspace.mjs'

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
/** For the start, and for each test. */
const longestMs = { start: 120_000, test: 10_000 }
/** Keeps what it transforms, by content, in the node_modules of the copy: it takes half the time then. */
const remembering = '--experimental.fsModuleCache'

const running = new Set()
onInterrupt(() => running.forEach(killGroup))

/** `packages/engine/test/a.test.ts` → `packages/engine` */
export function packageOf(file) {
  return file.split('/', 2).join('/')
}

/** Runs tests of one package in a copy. Resolves with those that ran: `{ file, title, status, message }`. */
export async function runTests(folder, tests) {
  const home = packageOf(tests[0].file)
  const files = [...new Set(tests.map(({ file }) => file))]
  const report = join(folder, home, 'reports', 'vitest.json')
  rmSync(report, { force: true })
  const names = `(?:${tests.map((test) => pattern(test).source).join('|')})`
  await run([vitest, 'run', remembering, `--testNamePattern=${names}`, ...files.map((file) => file.slice(home.length + 1))], join(folder, home), longestMs.start + longestMs.test * tests.length)
  if (!existsSync(report)) return []
  return readJson(report).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ title, status, failureMessages }) => ({ file: name.slice(folder.length + 1), title, status, message: failureMessages?.[0] })),
  )
}

/** Those of the tests that ran which an entry names. */
export function ofName(ran, test) {
  const named = pattern(test)
  return ran.filter(({ file, title }) => file === test.file && named.test(title))
}

/** A part of a title as it stands in the source, where `%s` and `$name` stand for anything; or a case of a conformance suite. */
function pattern({ title, case: id }) {
  if (id !== undefined) return new RegExp(`\\b${escaped(id)}:`)
  return new RegExp(title.split(/%[a-z#%]|\$\w+/).map(escaped).join('.*'))
}

function escaped(text) {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** In a process group of its own, so that whatever a test started ends with it. */
async function run(args, cwd, milliseconds) {
  const child = spawn(process.execPath, args, { cwd, env: toolEnvironment(), stdio: 'ignore', detached: true })
  running.add(child)
  const timer = setTimeout(killGroup, milliseconds, child)
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject)).finally(() => {
    clearTimeout(timer)
    running.delete(child)
  })
}

function killGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}
