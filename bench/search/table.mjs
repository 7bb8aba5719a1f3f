/** Prints a table in Markdown. Numbers of milliseconds are given as texts; whole numbers get separators. */
export function printTable(title, columns, rows) {
  console.log(`### ${title}\n`)
  printRow(columns)
  printRow(columns.map((_, n) => (typeof rows[0]?.[n] === 'string' && !/^[\d–]/.test(rows[0][n]) ? '---' : '---:')))
  rows.forEach(printRow)
  console.log('')
}

function printRow(cells) {
  console.log(`| ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)).join(' | ')} |`)
}

/** Milliseconds, as they are printed. */
export const milliseconds = (number) => number.toFixed(number < 10 ? 2 : 1)
