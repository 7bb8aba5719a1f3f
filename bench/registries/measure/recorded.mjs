import { readFile, writeFile } from 'node:fs/promises'
import { discard } from '../servers/yardsticks.mjs'
import { median } from './statistics.mjs'

const file = new URL('../recorded.json', import.meta.url)
/** Of the ratio that was recorded. */
const leastShare = 0.5

/** Keeps how fast ours is beside each yardstick: rates are the machine's, ratios are the program's. What was not measured stays as it is. */
export async function recordRatios(summary, kinds) {
  const ratios = yardsticksOf(summary, kinds).map(({ load, server, ratios: each }) => [`${load} / ${server}`, Number(median(each).toPrecision(3))])
  await writeFile(file, `${JSON.stringify({ ...(await readRecorded()), ...Object.fromEntries(ratios) }, undefined, 2)}\n`)
}

/**
 * What has become slower than half of what was recorded, in each round: a line for each.
 *
 * @returns also how many ratios were compared: where nothing was, nothing is shown
 */
export async function compareRatios(summary, kinds) {
  const recorded = await readRecorded()
  const known = yardsticksOf(summary, kinds).filter(({ load, server }) => `${load} / ${server}` in recorded)
  const slower = known.flatMap(({ load, server, ratios }) => {
    const least = recorded[`${load} / ${server}`] * leastShare
    if (ratios.some((ratio) => ratio >= least)) return []
    const seen = ratios.map((ratio) => ratio.toFixed(3)).join(', ')
    return [`${load}: ${seen} times as fast as ${server} in each round, below half of the ${recorded[`${load} / ${server}`]} that were recorded`]
  })
  return { compared: known.length, slower }
}

async function readRecorded() {
  return JSON.parse(await readFile(file, 'utf8'))
}

/** But for what throws everything away: that says what the client can do, and is as fast as memory is on the day. */
function yardsticksOf(summary, kinds) {
  const isYardstick = ({ server, ratios }) => ratios && kinds[server] === 'yardstick' && server !== discard.name
  return summary.flatMap(({ name: load, rows }) => rows.filter(isYardstick).map(({ server, ratios }) => ({ load, server, ratios })))
}
