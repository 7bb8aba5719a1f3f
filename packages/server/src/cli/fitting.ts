import stringWidth from 'string-width'

/** As much of a line as fits in so many columns, with an ellipsis where that is not all. */
export function fitting(line: string, columns: number): string {
  if (stringWidth(line) <= columns) return line
  let kept = ''
  let room = columns - 1
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    room -= stringWidth(segment)
    if (room < 0) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}
