const [width, label, rowHeight, barHeight, titleHeight, gap] = [800, 170, 22, 15, 30, 14]
const right = 110
const colours = { registry: '#2563eb', peer: '#9ca3af', yardstick: '#d6d9de' }

/**
 * A chart in SVG: for each load a bar for each server, as long as its rate, with a line from the least to the most.
 *
 * @param kinds - what each server is, by name: `registry`, `peer` or `yardstick`
 */
export function chartOf(summary, kinds) {
  const parts = []
  let y = 0
  for (const { title, unit, rows } of summary) {
    parts.push(text(0, y + 18, `${title} — ${unit}`, 'font-weight="600"'))
    y += titleHeight
    const scale = (width - label - right) / Math.max(...rows.map(({ most }) => most))
    for (const row of rows) {
      parts.push(...bar(row, { y, scale, colour: colours[kinds[row.server]] }))
      y += rowHeight
    }
    y += gap
  }
  const style = 'font: 13px system-ui, sans-serif; fill: #1f2937'
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 ${width + 16} ${y}" role="img" aria-label="Rates of servers under the same loads">
<style>text { ${style} }</style>
<rect x="-8" width="${width + 16}" height="${y}" fill="#fff"/>
${parts.join('\n')}
</svg>
`
}

function bar({ server, median, least, most }, { y, scale, colour }) {
  const middle = y + barHeight / 2
  const [from, to] = [least, most].map((rate) => (label + rate * scale).toFixed(1))
  return [
    text(label - 8, y + 12, server, 'text-anchor="end"'),
    `<rect x="${label}" y="${y}" width="${(median * scale).toFixed(1)}" height="${barHeight}" rx="2" fill="${colour}"/>`,
    `<line x1="${from}" x2="${to}" y1="${middle}" y2="${middle}" stroke="#111827"/>`,
    text(label + most * scale + 8, y + 12, median < 100 ? median.toFixed(1) : Math.round(median).toLocaleString('en'), ''),
  ]
}

function text(x, y, content, attributes) {
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
}
