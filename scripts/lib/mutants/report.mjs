import { basename } from 'node:path'

const width = 150
const titleOf = ({ title, case: id }) => title ?? id

/** What is told as soon as it is known. */
export function verdictLines({ mutant, result, seconds, message }) {
  const line = `  ${result.padEnd(14)} ${seconds.toFixed(1).padStart(5)} s  ${mutant.name}`
  if (result === 'killed') return line
  const test = `${mutant.test.file}: ${titleOf(mutant.test)}`
  return [line, `      patches  ${mutant.file}`, `      test     ${test}`, ...(message === undefined ? [] : [`      because  ${message}`])].join('\n')
}

/** The table of all, the count, and once more what was not killed: the end is what is read. */
export function summary(verdicts) {
  const rows = verdicts.map(({ mutant: { name, test }, result, seconds }) => {
    return [result, name, `${basename(test.file, '.test.ts')}: ${titleOf(test)}`, seconds.toFixed(1)]
  })
  const heading = ['result', 'mutant', 'test', 's']
  const widths = heading.map((text, n) => Math.max(text.length, ...rows.map((row) => row[n].length)))
  // The title of the test gives way.
  widths[2] = Math.min(widths[2], Math.max(20, width - widths.toSpliced(2, 1).reduce((sum, each) => sum + each, 0) - 3 * heading.length - 1))
  const line = (cells) => `| ${cells.map((text, n) => cut(text, widths[n]).padEnd(widths[n])).join(' | ')} |`
  const alive = verdicts.filter(({ result }) => result !== 'killed')
  const ruler = `|${widths.map((each) => '-'.repeat(each + 2)).join('|')}|`
  return ['', line(heading), ruler, ...rows.map(line), '', `${verdicts.length - alive.length} of ${verdicts.length} mutants killed`, ...alive.map(verdictLines)].join('\n')
}

function cut(text, length) {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
