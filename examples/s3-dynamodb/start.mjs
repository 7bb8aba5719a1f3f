// `npm start [-- options]`: installs when needed, builds what changed, then runs the setup in this process.
import '../../scripts/lib/node-version.mjs'
import { prepare } from '../../scripts/lib/prepare.mjs'
import { releaseSignals } from '../../scripts/lib/run-tool.mjs'

if (!(await prepare())) process.exit(1)
releaseSignals()
await import('./src/main.mjs')
