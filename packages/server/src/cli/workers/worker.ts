import cluster, { type Worker } from 'node:cluster'
import type { Logger } from 'pino'
import type { Configuration } from '../../config/configuration.js'
import { loadConfiguration, type LoadOptions } from '../../config/load-configuration.js'
import { endHooks } from '../end-hooks.js'
import { stderrLogger } from '../logger.js'
import { refuse } from '../refuse.js'
import { startFailure } from '../start-failure.js'
import { endServing } from './end-serving.js'
import { onEndSignals } from './end-signals.js'
import type { EndMessage, ListeningMessage } from './messages.js'
import { fingerprint, type WorkerOrder } from './order.js'
import { type Serving, startServing } from './serving.js'

/** Answers requests as one of several processes, until the first one says to end, or is gone. */
export async function serveAsWorker(options: LoadOptions, order: WorkerOrder): Promise<void> {
  const worker = cluster.worker!
  try {
    const configuration = await loadConfiguration(options)
    if (fingerprint(configuration) !== order.configuration) {
      throw new Error('the configuration has changed since the registry was started; restart it')
    }
    await answerAsWorker(worker, configuration, order)
  } catch (error) {
    refuse(error)
    leave(worker)
  }
}

async function answerAsWorker(worker: Worker, configuration: Configuration, { number, isAlone, port }: WorkerOrder): Promise<void> {
  const own = { ...configuration.own, ...(port !== undefined && { port }) }
  const log = stderrLogger(own.loglevel).child({ worker: number })
  try {
    const serving = await startServing({ ...configuration, own }, log, { isAlone, tellsRebuild: isAlone || number === 1 })
    endWhenTold(worker, { serving, configuration, log })
    worker.send({ listening: serving.address } satisfies ListeningMessage, () => {})
  } catch (error) {
    refuse(startFailure(error, own))
    leave(worker)
    endHooks(configuration, 0)
  }
}

interface Answering {
  readonly serving: Serving
  readonly configuration: Configuration
  readonly log: Logger
}

function endWhenTold(worker: Worker, { serving, configuration, log }: Answering): void {
  let isEnding = false
  const end = (reason: object, message: string): void => {
    if (isEnding) return
    isEnding = true
    log.info(reason, message)
    void endServing(serving, configuration, log).finally(() => {
      leave(worker)
    })
  }
  // Ctrl-C reaches every process of a terminal. What the first one says is of the same signal, and cuts nothing short.
  onEndSignals({ gently: (signal) => { end({ signal }, 'ending') }, atOnce: () => process.exit(1) })
  process.on('message', ({ end: signal }: EndMessage) => {
    end({ signal }, 'ending')
  })
  worker.on('disconnect', () => {
    // Otherwise Node ends this process at once.
    worker.exitedAfterDisconnect = true
    end({}, 'ending: the first process is gone')
  })
}

/** Lets go of the first process, which would keep this one. */
function leave(worker: Worker): void {
  if (worker.isConnected()) worker.disconnect()
}
