// `npm run mutants`: breaks the code on purpose, one small patch at a time, and sees that a named test notices each.
import './lib/node-version.mjs'
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { mutants } from '../tests/mutants/index.mjs'
import { help } from './lib/mutants/help.mjs'
import { summary, verdictLines } from './lib/mutants/report.mjs'
import { shareOf } from './lib/mutants/share.mjs'
import { prepare } from './lib/prepare.mjs'

const { only, json, assumePassing, shares } = readOptions()
const chosen = shareOf(mutants, shares).filter(({ name }) => name.includes(only))
if (chosen.length === 0) refuse(`no mutant has ${JSON.stringify(only)} in its name`)
if (!(await prepare())) process.exit(1)
// Only now: it needs what was installed.
const { judgeAll } = await import('./lib/mutants/judge.mjs')

// Each works on a copy of its own, and runs one test file at a time. One more than cores: many tests wait, for their time to be over too.
const workers = Math.min(availableParallelism() + 1, 4, chosen.length)
const first = assumePassing ? '' : 'on the code as it is, then '
console.log(`Running the tests of ${chosen.length} mutants ${first}on each mutant, ${workers} at a time.`)
const verdicts = await judgeAll(chosen, { workers, assumePassing, onVerdict: (verdict) => console.log(verdictLines(verdict)) })
if (json !== undefined) writeFileSync(json, `${JSON.stringify(verdicts, undefined, 2)}\n`)
console.log(summary(verdicts))
process.exit(verdicts.every(({ result }) => result === 'killed') ? 0 : 1)

function readOptions() {
  const options = { only: { type: 'string', default: '' }, json: { type: 'string' }, 'assume-passing': { type: 'boolean', default: false }, shares: { type: 'string', default: '1' }, help: { type: 'boolean', short: 'h' } }
  try {
    const { values } = parseArgs({ options })
    if (values.help === true) {
      console.log(help)
      process.exit(0)
    }
    // npm runs scripts in the folder of package.json; a relative path is meant from where npm was called.
    if (!/^[1-9]\d?$/.test(values.shares)) return refuse('--shares is a number from 1 to 99')
    return { only: values.only, shares: Number(values.shares), assumePassing: values['assume-passing'], json: values.json && resolve(process.env.INIT_CWD ?? '', values.json) }
  } catch (error) {
    return refuse(error.message)
  }
}

function refuse(reason) {
  console.error(`${reason}\n\n${help}`)
  process.exit(1)
}
