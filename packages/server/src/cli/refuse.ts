import { EndedBySignal } from './end-signal.js'

/** Ends a command that cannot do what it was asked to: one line on stderr, and exit code 1, or that of the signal that ended it. */
export function refuse(error: unknown): void {
  process.stderr.write(`registry: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
  // What nobody reads from stdout would keep the process.
  if (error instanceof EndedBySignal) process.exit(error.exitCode)
}
