/** Why somebody else's code failed, in one line: what it threw may be anything. */
export function reasonOf(error: unknown): string {
  try {
    const said: unknown = error instanceof Error ? error.message : `it threw ${describe(error)}`
    const [line] = typeof said === 'string' ? said.split('\n') : []
    return line === undefined || line === '' ? 'it gave no reason' : line
  } catch {
    return 'what it threw cannot be looked at'
  }
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'what is no error' : String(value)
}
