/** Milliseconds of each of several runs, after one that warms up. */
export async function timesOf(rounds, run) {
  await run()
  const times = []
  for (let round = 0; round < rounds; round++) times.push(await timeOf(run))
  return times
}

/** The same for several things that are done in turn, so that what slows the machine down slows all of them down. */
export async function alternating(rounds, runs) {
  for (const run of runs) await run(-1)
  const times = runs.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [n, run] of runs.entries()) times[n].push(await timeOf(() => run(round)))
  }
  return times
}

async function timeOf(run) {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** The p50 and the p95 of some times. */
export function percentiles(times) {
  const sorted = [...times].sort((a, b) => a - b)
  return [0.5, 0.95].map((part) => sorted[Math.min(Math.ceil(part * sorted.length), sorted.length) - 1])
}
