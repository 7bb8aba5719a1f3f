/** Bytes of a description in UTF-8. */
const descriptionBytes = 1000

/** What a terminal, a log or a page could take for a command, or would not show: controls, marks of direction, private and unassigned characters. Joiners stay: scripts and emoji need them. */
const unwanted = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu

const visible = /[\p{L}\p{N}\p{P}\p{S}]/u

/** A text as one line of visible characters, of which a bounded beginning is kept; `undefined` where nothing of it can be seen. */
export function plainText(text: string): string | undefined {
  // Enough of it: most characters of a long text would be looked at in vain.
  const line = text
    .slice(0, descriptionBytes * 8)
    .replace(/[\s\u0085]+/gu, ' ')
    .replace(unwanted, '')
    .replace(/ {2,}/g, ' ')
    .trim()
  return visible.test(line) ? bounded(line) : undefined
}

function bounded(line: string): string {
  if (Buffer.byteLength(line) <= descriptionBytes) return line
  const ellipsis = '…'
  let kept = ''
  let bytes = Buffer.byteLength(ellipsis)
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    bytes += Buffer.byteLength(segment)
    if (bytes > descriptionBytes) break
    kept += segment
  }
  return `${kept.trimEnd()}${ellipsis}`
}
