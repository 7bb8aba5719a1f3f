import { startWorkerProcess, wasAskedToEnd, type WorkerProcess } from './worker-process.js'

/** The workers that run. */
export interface Crew {
  /** Is aborted when all are to end. */
  readonly ending: AbortSignal
  /** Starts a worker, later where one is alone and does not listen yet. `undefined` where all are to end. */
  start(number: number): Promise<WorkerProcess | undefined>
  /** Lets running requests end. The exit code tells whether every worker ended well. */
  end(signal: NodeJS.Signals): void
  /** Ends all at once. */
  kill(): void
}

/** @param configuration - fingerprint of the one that all work with */
export function newCrew(configuration: string): Crew {
  const ending = new AbortController()
  const running = new Set<WorkerProcess>()
  let opening: Promise<void> | undefined
  let port: number | undefined
  let lastPort: number | undefined

  /** One that is alone may create, migrate or replace the index: nobody else opens it until that is done. */
  const open = async ({ listening }: WorkerProcess): Promise<void> => {
    lastPort = (await listening)?.port ?? lastPort
    opening = undefined
  }
  return {
    ending: ending.signal,
    async start(number) {
      while (opening) await opening
      if (ending.signal.aborted) return undefined
      const isAlone = running.size === 0
      // All that share a port ask for it by the same number, which may be 0. It is closed with the last of them:
      // who comes later has to ask for the one that was announced.
      if (isAlone) port = lastPort
      const worker = startWorkerProcess({ number, isAlone, configuration, ...(port !== undefined && { port }) })
      running.add(worker)
      void worker.ended.then((end) => {
        running.delete(worker)
        if (ending.signal.aborted && !wasAskedToEnd(end)) process.exitCode = 1
      })
      if (isAlone) opening = open(worker)
      return worker
    },
    end(signal) {
      ending.abort()
      for (const worker of running) worker.end(signal)
    },
    kill() {
      process.exitCode = 1
      for (const worker of running) worker.kill()
    },
  }
}
