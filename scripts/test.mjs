// `npm test`: installs, builds, lints, checks types, makes the API reference and runs every test. A failed build ends it; anything else is
// reported together at the end. The last line counts tests; each other stage that failed counts as one failure,
// so that `0 failed` there and exit code 0 always go together.
import './lib/node-version.mjs'
import { join } from 'node:path'
import { prepare } from './lib/prepare.mjs'
import { runTool } from './lib/run-tool.mjs'
import { testPackages } from './lib/test-packages.mjs'
import { root } from './lib/workspace.mjs'

const bin = join(root, 'node_modules', '.bin')

if (!(await prepare())) finish({ passed: 0, failed: ['install or build'], skipped: [] })

console.log('Linting, checking types, and making the API reference.')
const typecheck = ['run', 'typecheck', '--ui=stream', '--output-logs=errors-only', '--log-prefix=none', '--continue=always']
const api = ['--options', 'typedoc.config.mjs', '--logLevel', 'Warn']
// Each of them leaves cores idle.
const [isLinted, isTyped, isDocumented] = await Promise.all([
  runTool(join(bin, 'eslint'), ['.']),
  runTool(join(bin, 'turbo'), typecheck),
  runTool(join(bin, 'typedoc'), api),
])
const failed = [...(isLinted ? [] : ['lint']), ...(isTyped ? [] : ['typecheck']), ...(isDocumented ? [] : ['API reference'])]
console.log('Running the tests.')
const tests = await testPackages()
finish({ ...tests, failed: [...failed, ...tests.failed] })

function finish({ passed, failed, skipped }) {
  list('Skipped', skipped)
  list('Failed', failed)
  console.log(`\n${passed} passed, ${failed.length} failed, ${skipped.length} skipped`)
  process.exit(failed.length === 0 ? 0 : 1)
}

function list(heading, names) {
  if (names.length > 0) console.log(`\n${heading}:\n${names.map((name) => `  ${name}`).join('\n')}`)
}
