import { readdir, readFile, writeFile } from 'node:fs/promises'

const ticksPerSecond = 100
const fieldsBeforeTimes = 11

/**
 * What a process and all that it started have taken: processor seconds since they began, and the most memory since the last
 * call of `forgetPeak`, in bytes. As Linux counts them: time in steps of 10 ms.
 */
export async function usageOf(pid) {
  const pids = await familyOf(pid)
  const each = await Promise.all(pids.map(async (one) => ({ seconds: await processorSeconds(one), peak: await peakBytes(one) })))
  return each.reduce((sum, { seconds, peak }) => ({ seconds: sum.seconds + seconds, peak: sum.peak + peak }), { seconds: 0, peak: 0 })
}

/** Has the most memory counted from now on. */
export async function forgetPeak(pid) {
  for (const one of await familyOf(pid)) await writeFile(`/proc/${one}/clear_refs`, '5')
}

async function familyOf(pid) {
  const family = [pid]
  for (const one of family) {
    for (const thread of await readdir(`/proc/${one}/task`)) {
      const children = await readFile(`/proc/${one}/task/${thread}/children`, 'utf8').catch(() => '')
      family.push(...children.split(' ').filter(Boolean).map(Number))
    }
  }
  return family
}

async function processorSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name of the program stands in brackets, and may hold anything.
  const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(fieldsBeforeTimes)
  return (Number(user) + Number(system)) / ticksPerSecond
}

async function peakBytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
}
