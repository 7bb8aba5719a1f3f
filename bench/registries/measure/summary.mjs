import { median, spreadOf } from './statistics.mjs'

/**
 * What came of all rounds: for each load a row for each server, the fastest first.
 *
 * @param results - what `measureRounds` resolves with
 * @param own - the name of the server that all others are compared with, where a load is measured on it
 */
export function summarize(loads, results, own) {
  return loads.map(({ name, title, unit }) => {
    const measured = results.get(name)
    const rows = [...measured].map(([server, measurements]) => ({
      server,
      rates: measurements.map(({ rate }) => rate),
      measurements,
      ...spreadOf(measurements.map(({ rate }) => rate)),
      ...(server !== own && measured.has(own) && { ratios: ratios(measured.get(own), measurements) }),
      ...usage(measurements),
    }))
    return { name, title, unit, rows: rows.map(withRatio).sort((a, b) => b.median - a.median) }
  })
}

/** How many times as fast as another one ours is, round by round. */
function ratios(ours, theirs) {
  return ours.map(({ rate }, round) => rate / theirs[round].rate)
}

function withRatio({ ratios, ...row }) {
  return ratios === undefined ? row : { ...row, ratios, ratio: median(ratios) }
}

function usage(measurements) {
  const [{ processorMilliseconds }] = measurements
  if (processorMilliseconds === undefined) return {}
  return {
    processorMilliseconds: median(measurements.map((each) => each.processorMilliseconds)),
    peakBytes: Math.max(...measurements.map((each) => each.peakBytes)),
    clientProcessors: median(measurements.map((each) => each.clientProcessors)),
  }
}
