// `npm run soak`: the durability tests again and again, each time with another seed, and longer than `npm test` has time for;
// and ten thousand idle connections.
import './lib/node-version.mjs'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { prepare } from './lib/prepare.mjs'
import { runTool } from './lib/run-tool.mjs'
import { root, stateFolder } from './lib/workspace.mjs'

const help = `Usage: npm run soak -- [options]

Kills registries at random moments, and takes the power from recorded ones at every moment: nothing that was answered
may be lost. Opens connections that say nothing: nobody else may notice. It goes on until the time is over, or a test
fails. The seed of each round is printed; DURABILITY_SEED makes the tests choose the same again.

  --hours N       how long, such as 0.5; default 1
  --kills N       kills in a round; default 100
  --variants N    states in a round that keep something which was not fsynced, or all; default 5000
  --idle N        idle connections; default 10000, as far as the limit of open files lets them
  --only PART     only test files that have PART in their names: kill, power-loss, idle-connections
  --help          this text`

const vitest = join(root, 'node_modules', '.bin', 'vitest')
const parts = { kill: 'durability', 'power-loss': 'durability', 'idle-connections': 'sockets' }
const { hours, kills, variants, idle, only } = readOptions()
if (!(await prepare())) process.exit(1)

const started = Date.now()
const log = join(stateFolder, 'soak.log')
let rounds = 0
do {
  const seed = randomInt(2 ** 32)
  rounds++
  console.log(`Round ${rounds}, ${minutes()} of ${Math.round(hours * 60)} minutes: seed ${seed}, ${kills} kills, about ${variants} variants.`)
  process.env.DURABILITY_SEED = String(seed)
  process.env.DURABILITY_ROUNDS = String(kills)
  process.env.DURABILITY_VARIANTS = String(variants)
  process.env.IDLE_CONNECTIONS = String(idle)
  const files = Object.entries(parts).filter(([name]) => name.includes(only)).map(([name, folder]) => `test/${folder}/${name}.test.ts`)
  // Each connection is an open file, twice over. Where nobody may raise the limit, the test takes fewer and says so.
  const raised = 'ulimit -n 65536 2>/dev/null || true; exec "$0" "$@"'
  const passed = await runTool('sh', ['-c', raised, vitest, 'run', ...files], { cwd: join(root, 'packages', 'server'), log, doing: `in round ${rounds}` })
  if (!passed) {
    console.log(`\nRound ${rounds} failed. The same again: npm run soak -- --kills ${kills} --variants ${variants}, with DURABILITY_SEED=${seed}`)
    process.exit(1)
  }
  for (const [line] of readFileSync(log, 'utf8').matchAll(/(only )?\d+ (idle )?connections(:| in) .*/g)) console.log(`  ${line}`)
} while (Date.now() - started < hours * 3_600_000)
console.log(`${rounds} rounds in ${minutes()} minutes, and nothing was lost.`)

function minutes() {
  return Math.round((Date.now() - started) / 60_000)
}

function readOptions() {
  const text = (byDefault) => ({ type: 'string', default: byDefault })
  const options = { hours: text('1'), kills: text('100'), variants: text('5000'), idle: text('10000'), only: text(''), help: { type: 'boolean', short: 'h' } }
  try {
    const { values } = parseArgs({ options })
    if (values.help === true) {
      console.log(help)
      process.exit(0)
    }
    const [hours, kills, variants, idle] = ['hours', 'kills', 'variants', 'idle'].map((name) => positive(name, values[name]))
    if (!Object.keys(parts).some((name) => name.includes(values.only))) throw new Error(`--only expects a part of ${Object.keys(parts).join(', ')}`)
    return { hours, kills, variants, idle, only: values.only }
  } catch (error) {
    console.error(`${error.message}\n\n${help}`)
    process.exit(1)
  }
}

function positive(name, text) {
  const number = text === 'all' ? Infinity : Number(text)
  if (!(number > 0)) throw new Error(`--${name} expects a number above 0, got ${JSON.stringify(text)}`)
  return number
}
