/** A line that shows how far a run is. */
export interface ClauseProgress {
  readonly show: (done: number) => void
  /** Makes room for something else. */
  readonly clear: () => void
}

/** Shows on a terminal how many clauses are behind. Elsewhere the lines of the report say it. */
export function clauseProgress(terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>, total: number): ClauseProgress {
  if (!terminal.isTTY) return { show: () => {}, clear: () => {} }
  return {
    show: (done) => void terminal.write(`\r\x1b[K${done} of ${total} clauses`),
    clear: () => void terminal.write('\r\x1b[K'),
  }
}
