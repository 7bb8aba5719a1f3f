import { usageOf } from './usage.mjs'

/** Starts a server again and again until the time is over, once at least, and counts nothing but the time from start to answer. */
export async function measureStarts(subject, seconds) {
  const end = performance.now() + seconds * 1000
  const starts = []
  do starts.push(await measureStart(subject))
  while (performance.now() < end)
  const sum = (figure) => starts.reduce((total, start) => total + start[figure], 0)
  return {
    rate: starts.length / sum('seconds'),
    processorSeconds: sum('processorSeconds'),
    processorMilliseconds: (sum('processorSeconds') * 1000) / starts.length,
    peakBytes: Math.max(...starts.map(({ peakBytes }) => peakBytes)),
    clientProcessors: sum('clientSeconds') / sum('seconds'),
  }
}

async function measureStart(subject) {
  const before = process.cpuUsage()
  const { pid, seconds } = await subject.restart()
  const { user, system } = process.cpuUsage(before)
  subject.pid = pid
  const usage = await usageOf(pid)
  return { seconds, processorSeconds: usage.seconds, peakBytes: usage.peak, clientSeconds: (user + system) / 1e6 }
}
