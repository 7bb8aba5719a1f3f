/** The name that somebody may have meant; `undefined` where none is close. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    // Each character more or less is an edit: a name of a megabyte is like none.
    if (Math.abs(name.length - candidate.length) >= least) continue
    const edits = editsBetween(name.toLowerCase(), candidate.toLowerCase())
    if (edits < least) [best, least] = [candidate, edits]
  }
  return best
}

/** How many characters have to be put in, left out, replaced or swapped with their neighbour (optimal string alignment). */
function editsBetween(from: string, to: string): number {
  let before: number[] = []
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const line = [row]
    for (let column = 1; column <= to.length; column++) {
      const replaced = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      line.push(Math.min(above[column]! + 1, line[column - 1]! + 1, replaced, swapped ? before[column - 2]! + 1 : Infinity))
    }
    before = above
    above = line
  }
  return above[to.length]!
}
