import cluster from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { Configuration } from '../../config/configuration.js'
import { announce } from '../announce.js'
import { stderrLogger } from '../logger.js'
import { refuse } from '../refuse.js'
import { type Crew, newCrew } from './crew.js'
import { onEndSignals } from './end-signals.js'
import { fingerprint } from './order.js'
import { restartPause } from './restart-pause.js'
import { wasAskedToEnd, type WorkerEnd, type WorkerProcess } from './worker-process.js'

const main = fileURLToPath(new URL('../main.js', import.meta.url))

/**
 * Runs the processes that answer requests, and replaces those that end, until a signal ends them all.
 * The first one makes or takes over what has to be before the others start. They open an index that is being rebuilt
 * as it is: the engine lets one process rebuild, and the others answer 503 until it has.
 */
export async function serveWithWorkers(configuration: Configuration): Promise<void> {
  // Each takes connections itself, when it has time. Handed round by the first process, one would hang that is on its way to a worker that dies.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ exec: main, args: process.argv.slice(2) })
  const log = stderrLogger(configuration.own.loglevel)
  const crew = newCrew(fingerprint(configuration))
  onEndSignals({
    gently: (signal) => {
      log.info({ signal }, 'ending')
      crew.end(signal)
    },
    atOnce: () => {
      crew.kill()
    },
  })
  let first: WorkerProcess
  try {
    first = (await crew.start(1))!
  } catch (error) {
    refuse(error)
    return
  }
  const address = await first.listening
  if (!address) {
    if (!crew.ending.aborted) refuseStart(await first.ended)
    return
  }

  const missing = new Set(Array.from({ length: configuration.own.workers }, (_, n) => n + 1))
  const onListening = (number: number): void => {
    if (missing.delete(number) && missing.size === 0) announce(address, configuration)
  }
  await Promise.all([...missing].map((number) => keepRunning(number, { crew, log, onListening, ...(number === 1 && { first }) })))
}

/** A worker says itself why it cannot start; one that was ended by something else cannot. */
function refuseStart({ code, signal, err }: WorkerEnd): void {
  if (err) refuse(err)
  else if (code !== 1) refuse(`the first worker was ended by ${signal ?? `exit code ${code}`} before it listened`)
  process.exitCode = 1
}

interface KeepOptions {
  readonly crew: Crew
  readonly log: Logger
  readonly onListening: (number: number) => void
  readonly first?: WorkerProcess
}

/** Runs a worker and those that replace it, until all are to end. */
async function keepRunning(number: number, { crew, log, onListening, first }: KeepOptions): Promise<void> {
  const watch = async (starting: WorkerProcess | Promise<WorkerProcess | undefined>): Promise<WorkerEnd> => {
    const worker = await starting
    if (!worker) return {}
    if (await worker.listening) {
      log.info({ worker: number, pid: worker.pid }, 'a worker listens')
      onListening(number)
    }
    return worker.ended
  }
  let pause: number | undefined
  for (let starting = first ?? crew.start(number); ; starting = crew.start(number)) {
    const since = performance.now()
    const end = await watch(starting).catch((error: unknown) => ({ err: error as Error }))
    pause = restartPause(pause, performance.now() - since)
    // Who was asked to end may have been asked by a signal to all.
    if (!crew.ending.aborted && !wasAskedToEnd(end)) log.error({ worker: number, ...end, pause }, 'a worker ended')
    await sleep(pause, undefined, { signal: crew.ending }).catch(() => {})
    if (crew.ending.aborted) return
    log.warn({ worker: number, ...end }, 'a worker is replaced')
  }
}
