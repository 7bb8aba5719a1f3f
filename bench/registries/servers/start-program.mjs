import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const longestStart = 60_000

/**
 * Starts a program that listens on a port of 127.0.0.1, and resolves when it does.
 *
 * @param log - the file that gets what it prints
 */
export async function startProgram(command, args, { port, log, env = {} }) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const output = createWriteStream(log)
  child.stdout.pipe(output)
  child.stderr.pipe(output)
  const ended = once(child, 'exit')
  const failed = ended.then(([code]) => {
    throw new Error(`${command} ended with ${code}; what it said is in ${log}`)
  })
  const waiting = new AbortController()
  try {
    await Promise.race([listening(port, waiting.signal), failed])
  } finally {
    waiting.abort()
    failed.catch(() => {})
  }
  return {
    port,
    pid: child.pid,
    async close() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function listening(port, signal) {
  for (const end = Date.now() + longestStart; Date.now() < end && !signal.aborted; await sleep(20)) {
    if (await answers(port)) return
  }
  throw new Error(`nothing listens on port ${port}`)
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const settle = (is) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => settle(true)).once('error', () => settle(false))
  })
}
