// `npm start [-- options]`: installs when needed, builds what changed, then is the registry: no child process stays.
import './lib/node-version.mjs'
import { prepare } from './lib/prepare.mjs'
import { releaseSignals } from './lib/run-tool.mjs'

if (!(await prepare())) process.exit(1)
releaseSignals()

// npm runs scripts in the folder of package.json; a relative path is meant from where npm was called.
if (process.env.npm_lifecycle_event === 'start' && process.env.INIT_CWD !== undefined) process.chdir(process.env.INIT_CWD)
process.argv = [process.execPath, 'registry', 'serve', ...process.argv.slice(2)]
await import('../packages/server/dist/cli/main.js')
