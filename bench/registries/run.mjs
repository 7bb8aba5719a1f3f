// How fast the registry is, beside others and beside what the machine can do: npm run bench
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
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

const { loads, rounds, seconds, on, peers, isAlone, json, chart, isCheck, isRecord } = readOptions(process.argv.slice(2))
const progress = (line) => {
  console.error(line)
}
const folder = await mkdtemp(join(tmpdir(), 'registry-bench-'))
const started = []
try {
  const servers = await serversOf({ on, peers, isAlone, progress })
  const tree = join(folder, 'tree')
  await writePulled(tree)
  const generator = await Generator.start()
  started.push(generator)
  const subjects = []
  for (const [n, server] of servers.entries()) {
    const own = join(folder, String(n))
    await mkdir(own)
    const running = await server.start?.({ folder: own, tree })
    if (running) started.push(running)
    subjects.push({ ...server, ...running })
  }
  const results = await measureRounds({ loads, subjects, generator, rounds, seconds, folder, progress })
  // Backends are in the order of `registries`: on files, where that is measured.
  const own = servers.find(({ kind }) => kind === 'registry')?.name
  const summary = summarize(loads, results, own)
  const kinds = Object.fromEntries(servers.map(({ name, kind }) => [name, kind]))
  const machine = { cores: availableParallelism(), memoryBytes: totalmem(), node: process.versions.node, processor: cpus()[0]?.model }
  console.log(`${machine.cores} cores, Node ${machine.node}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${seconds} s\n`)
  printTables(summary, own)
  const report = { machine, rounds, seconds, kinds, comparedWith: own, loads: summary }
  if (json) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`)
  if (chart) await writeFile(chart, chartOf(summary, kinds))
  if (isRecord) await recordRatios(summary, kinds)
  if (isCheck) {
    const { compared, slower } = await compareRatios(summary, kinds)
    console.log(slower.length > 0 ? `Slower than recorded:\n  ${slower.join('\n  ')}` : `None of ${compared} ratios is below half of the recorded one.`)
    if (slower.length > 0 || compared === 0) process.exitCode = 1
  }
} catch (error) {
  console.error(`The measurement ended early: ${error.message}`)
  process.exitCode = 1
} finally {
  await Promise.all(started.map((one) => one.close()))
  await rm(folder, { recursive: true })
}
