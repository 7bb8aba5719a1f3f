/** Why somebody else's code failed, in one line: what it threw may be anything. */
export function reasonOf(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : `it threw ${describe(error)}`).split('\n')
  return line === undefined || line === '' ? 'it gave no reason' : line
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'what is no error' : String(value)
}
