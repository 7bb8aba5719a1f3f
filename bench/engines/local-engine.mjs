import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/**
 * Starts a program that says `ready URL` once it answers, and ends when its input does: with this process at the latest.
 *
 * @param what - its name, for whoever reads that it does not start
 */
export async function startLocalEngine(what, command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const ready = once(createInterface({ input: child.stdout }), 'line')
  const [line] = await Promise.race([ready, closed])
  if (typeof line !== 'string') throw new Error(`${what} does not start`)
  return {
    endpoint: line.replace(/^ready /, ''),
    close: async () => {
      child.kill('SIGTERM')
      await closed
    },
  }
}
