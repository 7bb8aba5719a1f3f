// `npm run coverage`: runs the tests of all packages against the sources and prints what they reach.
import './lib/node-version.mjs'
import { join } from 'node:path'
import { prepare } from './lib/prepare.mjs'
import { runTool } from './lib/run-tool.mjs'
import { root } from './lib/workspace.mjs'

const vitest = join(root, 'node_modules', '.bin', 'vitest')
const done = (await prepare()) && (await runTool(vitest, ['run', '--config', 'vitest.coverage.ts', ...process.argv.slice(2)]))
process.exit(done ? 0 : 1)
