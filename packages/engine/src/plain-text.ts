import { visibleText } from './visible-text.js'

/** In UTF-8. */
const mostBytes = 1000

/** What can be seen: letters, numbers, punctuation and symbols. */
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u

/** A text as one line of visible characters, of which a bounded beginning is kept; `undefined` where nothing of it can be seen. */
export function plainText(text: string): string | undefined {
  // Enough of it: most characters of a long text would be looked at in vain.
  const line = visibleText(text.slice(0, mostBytes * 8))
  return visible.test(line) ? bounded(line) : undefined
}

function bounded(line: string): string {
  if (Buffer.byteLength(line) <= mostBytes) return line
  const ellipsis = '…'
  let kept = ''
  let bytes = Buffer.byteLength(ellipsis)
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    bytes += Buffer.byteLength(segment)
    if (bytes > mostBytes) break
    kept += segment
  }
  return `${kept.trimEnd()}${ellipsis}`
}
