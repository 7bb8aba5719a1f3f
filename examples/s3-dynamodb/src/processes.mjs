import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The path of a file of the repository. */
export function inRepository(path) {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url))
}

/**
 * Starts a program, and resolves once it is ready. It is told to end by SIGTERM, and by the end of its input where it
 * listens to that.
 *
 * @param ready - matches the line that says so, and what it says is `found`; or tells whether it is, and is asked again and again
 */
export async function startProgram(command, args, { ready, env = process.env }) {
  // A group of its own: Ctrl-C is for this program, which ends the others in their order.
  const child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'], env })
  const errors = []
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line))
  const closed = once(child, 'close').catch((error) => errors.push(error.message))
  const lines = createInterface({ input: child.stdout })
  const isReady = ready instanceof RegExp ? firstMatch(lines, ready) : asked(ready, child)
  const found = await Promise.race([isReady, closed.then(() => undefined)])
  if (found === undefined) throw new Error([`${command} does not start:`, ...errors.slice(-20)].join('\n'))
  return {
    found,
    async close() {
      child.kill('SIGTERM')
      await closed
    },
  }
}

function firstMatch(lines, pattern) {
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const match = pattern.exec(line)
      if (match) resolve(match[1])
    })
  })
}

async function asked(ready, child) {
  while (child.exitCode === null && child.signalCode === null) {
    if (await ready()) return true
    await sleep(50)
  }
  return undefined
}
