// `npm run other-nodes`: the tests of core, driver-file, engine and server under the other lines of Node that are supported.
// Left out is what needs the binding of SQLite, which is built for one Node, or a service; and what takes minutes and says
// nothing of Node: mutants of the suites, and explorations of models and schedules.
import './lib/node-version.mjs'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { nodeBinary } from './lib/node-binary.mjs'
import { prepare } from './lib/prepare.mjs'
import { runTool } from './lib/run-tool.mjs'
import { root, stateFolder } from './lib/workspace.mjs'

const versions = ['22.23.3', '24.9.0']
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const onOtherPairs = 'SQLite|DynamoDB|Ceph'

// The least that each runs: a filter that finds nothing any more is no success.
const suites = [
  { name: 'core', least: 1000, args: ['-t', '^(?!.*(mutants of|mutant,|every mutant))'] },
  { name: 'driver-file', least: 300, args: [] },
  { name: 'engine', least: 500, args: ['--exclude', 'test/{s3,interleaving,model}/**', '-t', `^(?!.*(${onOtherPairs}))`] },
  { name: 'server', least: 400, args: ['-t', `^(?!.*(${onOtherPairs}))`, 'src/', ...filesOnEachPair(join(root, 'packages', 'server'))] },
]

if (!(await prepare())) process.exit(1)
let failures = 0
for (const version of versions) {
  const node = await nodeBinary(version)
  for (const suite of suites) {
    const started = Date.now()
    const problem = node === undefined ? 'npm did not bring this Node' : await runSuite(node, suite)
    if (problem !== undefined) failures++
    console.log(`Node ${version}, ${suite.name}: ${problem ?? 'passed'} (${Math.round((Date.now() - started) / 1000)} s)`)
  }
}
process.exit(failures === 0 ? 0 : 1)

/** Resolves with what is wrong, or `undefined`. */
async function runSuite(node, { name, least, args }) {
  const file = join(stateFolder, 'other-node.json')
  rmSync(file, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const cwd = join(root, 'packages', name)
  const log = join(stateFolder, 'other-node.log')
  if (!(await runTool(node, [vitest, 'run', ...reporters, ...args], { cwd, log }))) return ['failed', ...failedTests(file)].join('\n  ')
  const { numPassedTests } = JSON.parse(readFileSync(file, 'utf8'))
  return numPassedTests < least ? `ran ${numPassedTests} tests, where at least ${least} were expected` : undefined
}

/** Each that failed, with the first line of why: the log before it is long. */
function failedTests(file) {
  if (!existsSync(file)) return ['it wrote no report']
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'))
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((each) => each.status === 'failed').map((each) => `${each.fullName}: ${firstLine(each.failureMessages[0])}`)
    return status === 'failed' && failed.length === 0 ? [`${name}: ${firstLine(message)}`] : failed
  })
}

function firstLine(text = '') {
  return text.split('\n', 1)[0]
}

function filesOnEachPair(folder) {
  const names = readdirSync(join(folder, 'test'), { recursive: true }).filter((name) => name.endsWith('.test.ts'))
  return names.map((name) => join('test', name)).filter((path) => /\b(onEachPair|describeEachPair)\(/.test(readFileSync(join(folder, path), 'utf8')))
}
