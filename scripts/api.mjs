// `npm run api`: writes the API reference of every public entry to reports/api. A warning fails it.
import './lib/node-version.mjs'
import { join } from 'node:path'
import { prepare } from './lib/prepare.mjs'
import { runTool } from './lib/run-tool.mjs'
import { root } from './lib/workspace.mjs'

const typedoc = join(root, 'node_modules', '.bin', 'typedoc')
const done = (await prepare()) && (await runTool(typedoc, ['--options', 'typedoc.config.mjs', ...process.argv.slice(2)]))
process.exit(done ? 0 : 1)
