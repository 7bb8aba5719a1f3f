/** What a terminal, a log or a page could take for a command, or would not show: controls, marks of direction, private and unassigned characters. Joiners stay: scripts and emoji need them. */
const unwanted = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu

/** A text of anybody's as one line that a terminal shows and does not obey. */
export function visibleText(text: string): string {
  return text.replace(/[\s\u0085]+/gu, ' ').replace(unwanted, '').replace(/ {2,}/g, ' ').trim()
}
