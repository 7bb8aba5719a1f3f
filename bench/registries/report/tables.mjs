import { printTable } from '../../search/table.mjs'

/** Prints a table in Markdown for each load. `own` is the server that all others are compared with. */
export function printTables(summary, own = 'registry') {
  for (const { title, unit, rows } of summary) {
    const per = unit.replace('/s', '').replace(/s$/, '')
    const columns = ['server', unit, 'least', 'most', `${own} is`, `processor ms each ${per}`, 'peak MB', 'client’s processor']
    printTable(title, columns, rows.map(cellsOf))
  }
}

function cellsOf({ server, median, least, most, ratio, processorMilliseconds, peakBytes, clientProcessors }) {
  const known = (number, text) => (number === undefined ? '–' : text(number))
  return [
    server,
    ...[median, least, most].map(rateText),
    known(ratio, (number) => `${number.toFixed(2)} ×`),
    known(processorMilliseconds, (number) => number.toFixed(number < 1 ? 3 : 1)),
    known(peakBytes, (bytes) => (bytes / 1e6).toFixed(0)),
    known(clientProcessors, (number) => `${(number * 100).toFixed(0)} %`),
  ]
}

/** Three digits at least. */
function rateText(rate) {
  return rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en')
}
