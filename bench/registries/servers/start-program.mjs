import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from '../client/connection.mjs'

const longestStart = 60_000
const lastWords = 1000

/**
 * Starts a program that listens on a port of 127.0.0.1, and resolves when it does. `restart` ends it, starts it again, and
 * resolves with the seconds from its start until it answers as a registry.
 *
 * @param log - the file that gets what it prints
 */
export async function startProgram(command, args, { port, log }) {
  const start = () => spawnProgram(command, args, log)
  let program = start()
  let isClosed = false
  try {
    await until(program, { isReady: () => listens(port), pause: 20, what: `nothing listens on port ${port}` })
  } catch (error) {
    await program.end()
    throw error
  }
  return {
    port,
    pid: program.pid,
    async restart() {
      await program.end()
      if (isClosed) throw new Error(`${command} was ended`)
      const began = performance.now()
      program = start()
      await until(program, { isReady: () => answers(port), pause: 2, what: `no registry answers on port ${port}` })
      return { pid: program.pid, seconds: (performance.now() - began) / 1000 }
    },
    close() {
      isClosed = true
      return program.end()
    },
  }
}

function spawnProgram(command, args, log) {
  // What it prints is not to pass through this process, which would take of the machine what is the program's.
  const output = openSync(log, 'a')
  const child = spawn(command, args, { stdio: ['ignore', output, output] })
  closeSync(output)
  const ended = once(child, 'exit')
  const failed = ended.then(async ([code]) => {
    const said = await readFile(log, 'utf8').catch(() => '')
    throw new Error(`${command} ended with ${code}; it said ${said.trim() === '' ? 'nothing' : `at last:\n${said.trim().slice(-lastWords)}`}`)
  })
  failed.catch(() => {})
  return {
    pid: child.pid,
    failed,
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Looks again and again whether the program is ready, until it is or has ended. */
async function until({ failed }, { isReady, pause, what }) {
  const waiting = new AbortController()
  const looking = async () => {
    for (const end = Date.now() + longestStart; Date.now() < end && !waiting.signal.aborted; await sleep(pause)) {
      if (await isReady()) return
    }
    throw new Error(what)
  }
  try {
    await Promise.race([looking(), failed])
  } finally {
    waiting.abort()
  }
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const settle = (is) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => settle(true)).once('error', () => settle(false))
  })
}

async function answers(port) {
  let connection
  try {
    connection = await Connection.open(port)
    await connection.call('GET', '/v2/', { status: 200 })
    return true
  } catch {
    return false
  } finally {
    connection?.close()
  }
}
