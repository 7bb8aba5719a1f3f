import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { measureStarts } from './starts.mjs'
import { forgetPeak, usageOf } from './usage.mjs'

const run = promisify(execFile)
/** Before the first round that counts: programs that compile as they go do so. */
const warming = { round: 'w', seconds: 2 }

/**
 * Puts each load on each server that it is for, round by round: what makes the machine slow makes it so for all of them.
 *
 * @param subjects - servers that were started, and what else is measured
 * @param progress - called with a line for each measurement
 * @returns for each load, by name of the subject, a measurement for each round
 */
export async function measureRounds({ loads, subjects, generator, rounds, seconds, folder, progress }) {
  const results = new Map()
  for (const stage of stagesOf(loads)) {
    const suited = stage.map((load) => ({ load, on: subjects.filter((subject) => suits(load, subject)) }))
    for (const { load, on } of suited) results.set(load.name, new Map(on.map(({ name }) => [name, []])))
    await prepare(suited, { generator, progress })
    await measureStage(suited, { results, generator, rounds, seconds, folder, progress })
  }
  return results
}

/**
 * Loads that are measured in turn, stage after stage: those with few entries before what makes lists long, and those that
 * start servers anew after those that want them warm.
 */
function stagesOf(loads) {
  const stageOf = ({ entries = 0, restarts = false }) => entries * 2 + Number(restarts)
  const numbers = [...new Set(loads.map(stageOf))].sort((a, b) => a - b)
  return numbers.map((number) => loads.filter((load) => stageOf(load) === number))
}

async function prepare(suited, { generator, progress }) {
  for (const { load, on } of suited) {
    for (const { name, kind, port, indexFile } of on) {
      if (kind === 'yardstick') continue
      progress(`preparing ${load.name} on ${name}`)
      await generator.do(load, 'prepare', { port, kind, indexFile })
    }
  }
}

async function measureStage(suited, { results, generator, rounds, seconds, folder, progress }) {
  for (const round of [warming.round, ...Array(rounds).keys()]) {
    const isWarming = round === warming.round
    for (const { load, on } of suited) {
      // Another one is first in each round.
      for (const subject of rotated(on, isWarming ? 0 : round)) {
        if (isWarming && (subject.measure || load.unit === 'MB/s' || load.isArranged || load.restarts)) continue
        const measurement = await measureOnce({ load, subject, generator, round, seconds: isWarming ? warming.seconds : seconds, folder })
        if (isWarming) continue
        results.get(load.name).get(subject.name).push(measurement)
        progress(`round ${round + 1} of ${rounds}: ${load.name}, ${subject.name}: ${measurement.rate.toFixed(measurement.rate < 100 ? 1 : 0)} ${load.unit}`)
      }
    }
  }
}

function suits({ yardsticks, kinds, entries = 0, restarts }, { name, kind, most = Infinity, keeps = true }) {
  if (kind === 'yardstick') return yardsticks.includes(name)
  return (kinds ?? [kind]).includes(kind) && entries <= most && (keeps || !restarts)
}

async function measureOnce({ load, subject, generator, round, seconds, folder }) {
  // What another one has written is not to be brought to the disk in this one's time.
  await run('sync')
  if (subject.measure) {
    const own = join(folder, 'disk')
    await mkdir(own, { recursive: true })
    const { amount, seconds: taken } = await subject.measure({ folder: own, seconds, ...load.onDisk })
    return { rate: amount / taken }
  }
  if (load.restarts) return measureStarts(subject, seconds)
  const task = { port: subject.port, kind: subject.kind, seconds, round }
  if (load.isArranged) await generator.do(load, 'arrange', task)
  await forgetPeak(subject.pid)
  const [before, client] = await Promise.all([usageOf(subject.pid), usageOf(generator.pid)])
  const { amount, seconds: taken } = await generator.do(load, 'run', task)
  const [after, clientAfter] = await Promise.all([usageOf(subject.pid), usageOf(generator.pid)])
  return {
    rate: amount / taken,
    processorSeconds: after.seconds - before.seconds,
    processorMilliseconds: ((after.seconds - before.seconds) * 1000) / amount,
    peakBytes: after.peak,
    clientProcessors: (clientAfter.seconds - client.seconds) / taken,
  }
}

function rotated(list, by) {
  const at = by % list.length
  return [...list.slice(at), ...list.slice(0, at)]
}
