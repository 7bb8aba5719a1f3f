import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { root, shown, toolEnvironment } from './workspace.mjs'

const signOfLifeMs = 15_000
const killAfterMs = 10_000
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

const children = new Set()
let received
const cleanups = new Set()

/** Runs `cleanup` when a signal ends the process; the answer takes it back. */
export function onInterrupt(cleanup) {
  cleanups.add(cleanup)
  return () => cleanups.delete(cleanup)
}

function endBySignal() {
  for (const cleanup of cleanups) cleanup()
  for (const signal of signals) process.removeListener(signal, interrupt)
  process.kill(process.pid, received)
}

/** Each tool runs in a process group of its own, so that whatever it started ends with it. */
function interrupt(signal) {
  if (received !== undefined) return
  received = signal
  if (children.size === 0) return endBySignal()
  for (const { pid } of children) {
    signalGroup(pid, 'SIGTERM')
    setTimeout(signalGroup, killAfterMs, pid, 'SIGKILL').unref()
  }
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

for (const signal of signals) process.on(signal, interrupt)

/** From here on signals belong to whoever listens next. */
export function releaseSignals() {
  for (const signal of signals) process.removeListener(signal, interrupt)
}

/**
 * Runs a tool and resolves with whether it succeeded.
 *
 * With `log` its output goes to that file, `doing` is repeated every 15 seconds with the elapsed time,
 * and only when it fails the end of the log is shown, with what `hint(log)` advises. Without, its output is shown.
 */
export async function runTool(command, args, { cwd = root, log, doing, hint, quiet = false } = {}) {
  const started = Date.now()
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`
  if (log !== undefined) mkdirSync(dirname(log), { recursive: true })
  const output = log === undefined ? 'inherit' : openSync(log, 'w')
  const life = doing === undefined ? undefined : setInterval(() => console.log(`  still ${doing}, ${seconds()}`), signOfLifeMs)
  const child = spawn(command, args, { cwd, env: toolEnvironment(), stdio: ['ignore', output, output], detached: true })
  children.add(child)
  try {
    const problem = await new Promise((resolve) => {
      child.once('error', (error) => resolve(`it did not start (${error.message})`))
      child.once('close', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${signal ?? `exit code ${code}`}`))
    })
    if (problem !== undefined && received === undefined && !quiet) report({ command, args, problem, log, hint })
    return problem === undefined
  } finally {
    clearInterval(life)
    children.delete(child)
    if (log !== undefined) closeSync(output)
    // A promise that stays open: nothing goes on after an interruption but the end of the process.
    if (received !== undefined) {
      if (children.size === 0) endBySignal()
      await new Promise(() => setInterval(() => undefined, killAfterMs))
    }
  }
}

function report({ command, args, problem, log, hint }) {
  console.error(`\n${[command, ...args].join(' ').replace(`${root}/`, '')}: ${problem}.`)
  if (log === undefined) return
  const text = readFileSync(log, 'utf8')
  console.error(`The last lines of ${shown(log)}:\n`)
  console.error(text.trimEnd().split('\n').slice(-30).map((line) => `  ${line}`).join('\n'))
  const advice = hint?.(text)
  if (advice !== undefined) console.error(`\n${advice}`)
}
