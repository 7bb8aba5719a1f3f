import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { forgetPeak, usageOf } from './usage.mjs'

const run = promisify(execFile)
/** Before the first round that counts: programs that compile as they go do so. */
const warming = { round: 'w', share: 0.3 }

/**
 * Puts each load on each server that it is for, round by round: what makes the machine slow makes it so for all of them.
 *
 * @param subjects - servers that were started, and what else is measured
 * @param progress - called with a line for each measurement
 * @returns for each load, by name of the subject, a measurement for each round
 */
export async function measureRounds({ loads, subjects, generator, rounds, seconds, isQuick, folder, progress }) {
  const suited = loads.map((load) => ({ load, on: subjects.filter((subject) => suits(load, subject)) }))
  for (const { load, on } of suited) {
    for (const subject of on) {
      if (subject.kind === 'yardstick') continue
      progress(`preparing ${load.name} on ${subject.name}`)
      await generator.do(load, 'prepare', { port: subject.port, kind: subject.kind })
    }
  }
  const results = new Map(suited.map(({ load, on }) => [load.name, new Map(on.map(({ name }) => [name, []]))]))
  for (const round of [warming.round, ...Array(rounds).keys()]) {
    const isWarming = round === warming.round
    for (const { load, on } of suited) {
      // Another one is first in each round.
      for (const subject of rotated(on, isWarming ? 0 : round)) {
        if (isWarming && (load.unit === 'MB/s' || load.hasOwnPreparation)) continue
        const measurement = await measureOnce({ load, subject, generator, round, seconds: seconds * (isWarming ? warming.share : 1), isQuick, folder })
        if (isWarming) continue
        results.get(load.name).get(subject.name).push(measurement)
        progress(`round ${round + 1} of ${rounds}: ${load.name}, ${subject.name}: ${measurement.rate.toFixed(measurement.rate < 100 ? 1 : 0)} ${load.unit}`)
      }
    }
  }
  return results
}

function suits(load, { name, kind }) {
  return kind === 'yardstick' ? load.yardsticks.includes(name) : (load.kinds ?? [kind]).includes(kind)
}

async function measureOnce({ load, subject, generator, round, seconds, isQuick, folder }) {
  // What another one has written is not to be brought to the disk in this one's time.
  await run('sync')
  if (subject.measure) {
    const own = join(folder, 'disk')
    await mkdir(own, { recursive: true })
    const { amount, seconds: taken } = await subject.measure({ folder: own, seconds, ...load.onDisk(isQuick) })
    return { rate: amount / taken }
  }
  await forgetPeak(subject.pid)
  const [before, client] = await Promise.all([usageOf(subject.pid), usageOf(generator.pid)])
  const { amount, seconds: taken } = await generator.do(load, 'run', { port: subject.port, kind: subject.kind, seconds, round, isQuick })
  if (load.hasOwnPreparation) return { rate: amount / taken }
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
