/** Ends a command that cannot do what it was asked to: one line on stderr, and exit code 1. */
export function refuse(error: unknown): void {
  process.stderr.write(`registry: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
