// How fast the registry is, beside others and beside what the machine can do: npm run bench
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, constants, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { Generator } from './client/generator.mjs'
import { writePulled } from './contents/pulled.mjs'
import { compareRatios, recordRatios } from './measure/recorded.mjs'
import { measureRounds } from './measure/rounds.mjs'
import { summarize } from './measure/summary.mjs'
import { readOptions } from './options.mjs'
import { chartOf } from './report/chart.mjs'
import { printTables } from './report/tables.mjs'
import { serversOf } from './servers/index.mjs'

const options = readOptions(process.argv.slice(2))
const folder = await mkdtemp(join(tmpdir(), 'registry-bench-'))
/** What ends with the measurement, from the moment on at which it is asked to start. */
const started = []

try {
  await Promise.race([measure(options), signal('SIGINT'), signal('SIGTERM')])
} catch (error) {
  console.error(`The measurement ended early: ${error.message}`)
  process.exitCode = error.exitCode ?? 1
} finally {
  await Promise.all(started.map(async (one) => (await one.catch(() => undefined))?.close()))
  await rm(folder, { recursive: true, force: true, maxRetries: 10 })
}
// After a signal rounds would go on, on servers that are gone.
process.exit()

async function measure({ loads, rounds, seconds, on, workers, peers, isAlone, json, chart, isCheck, isRecord }) {
  // Nobody is to learn behind an hour of work that there is no such folder.
  for (const file of [json, chart]) if (file) await (await open(file, 'a')).close()
  const servers = await serversOf({ on, peers, isAlone, progress })
  const tree = join(folder, 'tree')
  await writePulled(tree)
  const generator = await start(Generator.start())
  const subjects = []
  for (const [n, server] of servers.entries()) {
    const own = join(folder, String(n))
    await mkdir(own)
    const running = server.start && (await start(server.start({ folder: own, tree, workers })))
    subjects.push({ ...server, ...running })
  }
  const results = await measureRounds({ loads, subjects, generator, rounds, seconds, folder, progress })
  // Backends are in the order of `registries`: on files, where that is measured.
  const own = servers.find(({ kind }) => kind === 'registry')?.name
  const summary = summarize(loads, results, own)
  const kinds = Object.fromEntries(servers.map(({ name, kind }) => [name, kind]))
  const machine = { cores: availableParallelism(), memoryBytes: totalmem(), node: process.versions.node, processor: cpus()[0]?.model }
  console.log(`${machine.cores} cores, Node ${machine.node}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${seconds} s${workers > 1 ? `, ${workers} workers` : ''}\n`)
  printTables(summary, own)
  const report = { machine, rounds, seconds, workers, kinds, comparedWith: own, loads: summary }
  if (json) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`)
  if (chart) await writeFile(chart, chartOf(summary, kinds))
  if (isRecord) await recordRatios(summary, kinds)
  if (isCheck) await check(summary, kinds)
}

async function check(summary, kinds) {
  const { compared, slower } = await compareRatios(summary, kinds)
  if (compared === 0) throw new Error('nothing was compared: of these loads no ratio to a yardstick is recorded')
  console.log(slower.length > 0 ? `Slower than recorded:\n  ${slower.join('\n  ')}` : `None of ${compared} ratios is below half of the recorded one.`)
  if (slower.length > 0) process.exitCode = 1
}

function progress(line) {
  console.error(line)
}

function start(running) {
  started.push(running)
  return running
}

/** Fails when the signal comes; the next one ends the process at once. */
function signal(name) {
  return new Promise((_, reject) => {
    process.once(name, () => reject(Object.assign(new Error(`it was sent ${name}`), { exitCode: 128 + constants.signals[name] })))
  })
}
