import cluster from 'node:cluster'
import type { ServerAddress } from '../../server.js'
import type { EndMessage, ListeningMessage } from './messages.js'
import { environmentOf, type WorkerOrder } from './order.js'

/** How a worker ended. */
export interface WorkerEnd {
  readonly code?: number
  readonly signal?: NodeJS.Signals
  /** Why it could not be started. */
  readonly err?: Error
}

/** Whether it ended well, or by a signal that came before it listened. */
export function wasAskedToEnd({ code, signal }: WorkerEnd): boolean {
  return code === 0 || signal === 'SIGINT' || signal === 'SIGTERM'
}

/** A worker, as the first process sees it. */
export interface WorkerProcess {
  readonly pid: number | undefined
  /** Where it listens; `undefined` where it ended before. */
  readonly listening: Promise<ServerAddress | undefined>
  readonly ended: Promise<WorkerEnd>
  /** Lets running requests end. One that is still being started has none. */
  end(signal: NodeJS.Signals): void
  kill(): void
}

/** Starts a worker with the command line of this process. */
export function startWorkerProcess(order: WorkerOrder): WorkerProcess {
  const worker = cluster.fork(environmentOf(order))
  let isListening = false
  const ended = new Promise<WorkerEnd>((resolve) => {
    worker.on('exit', (code: number | null, signal: NodeJS.Signals | '' | null) => {
      resolve(signal ? { signal } : { code: code ?? 0 })
    })
    worker.on('error', (error) => {
      if (worker.process.pid === undefined) resolve({ err: error })
    })
  })
  const listening = new Promise<ServerAddress>((resolve) => {
    worker.once('message', (message: ListeningMessage) => {
      isListening = true
      resolve(message.listening)
    })
  })
  const signalled = (signal: NodeJS.Signals): void => {
    worker.process.kill(signal)
  }
  return {
    pid: worker.process.pid,
    listening: Promise.race([listening, ended.then(() => undefined)]),
    ended,
    end(signal) {
      if (!isListening) {
        signalled(signal)
        return
      }
      worker.send({ end: signal } satisfies EndMessage, (error) => {
        if (error) signalled(signal)
      })
    },
    kill() {
      signalled('SIGKILL')
    },
  }
}
