import { EndedBySignal } from './end-signal.js'

/** Ends a command that cannot do what it was asked to: each thing that is wrong in a line on stderr, and exit code 1, or that of the signal that ended it. */
export function refuse(error: unknown): void {
  const message = error instanceof Error ? reasonOf(error) : String(error)
  process.stderr.write(`${message.split('\n').map((line) => `registry: ${line}`).join('\n')}\n`)
  process.exitCode = 1
  // What nobody reads from stdout would keep the process.
  if (error instanceof EndedBySignal) process.exit(error.exitCode)
}

function reasonOf(error: Error): string {
  const isFolderGone = (error as NodeJS.ErrnoException).syscall === 'uv_cwd'
  return isFolderGone ? 'the working directory is gone; change to another' : error.message
}
