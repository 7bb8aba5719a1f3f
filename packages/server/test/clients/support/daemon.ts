import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished, vi } from 'vitest'
import type { Seclusion } from './seclusion.js'

/** Starts a daemon, and resolves once it answers. It is ended with the test. */
export async function startDaemon(seclusion: Seclusion, program: string, args: readonly string[], ask: () => Promise<unknown>): Promise<void> {
  const child = seclusion.start(program, args)
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await exited
  })
  const log: string[] = []
  for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', (line) => log.push(line))
  const ended = exited.then(() => Promise.reject(new Error('it ended')))
  try {
    await Promise.race([ended, vi.waitFor(ask, { timeout: 20_000, interval: 20 })])
  } catch (error) {
    throw new Error(`${program} does not answer:\n${log.join('\n')}`, { cause: error })
  }
}
