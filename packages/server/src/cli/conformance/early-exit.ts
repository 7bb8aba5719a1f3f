/**
 * Makes an end of the process by somebody else, such as a module that calls `process.exit(0)`, a failure of the command.
 *
 * @param conclude - does what can be done without waiting
 * @returns takes that back: from then on the process may end
 */
export function guardExit(conclude: () => void): () => void {
  const guard = (): void => {
    process.exitCode = 1
    conclude()
  }
  process.on('exit', guard)
  return () => void process.off('exit', guard)
}
