/** The rows of the table of a page whose first column has this heading: the cells of each by the headings of their columns. */
export function tableOf(page: string, heading: string): readonly Readonly<Record<string, string>>[] {
  const lines = page.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`))
  if (start === -1) throw new Error(`the page has no table of ${heading}`)
  const end = lines.findIndex((line, n) => n > start && !line.startsWith('|'))
  const headings = cellsOf(lines[start]!)
  return lines.slice(start + 2, end === -1 ? undefined : end).map((line) => {
    const cells = cellsOf(line)
    return Object.fromEntries(headings.map((name, n) => [name, cells[n] ?? '']))
  })
}

function cellsOf(line: string): readonly string[] {
  return line.split('|').slice(1, -1).map((cell) => cell.trim())
}

/** A number as pages write it; nothing is 0. */
export function numberOf(cell: string | undefined): number {
  return cell === '–' ? 0 : Number(cell?.replaceAll(',', ''))
}
