import type { Configuration } from '../config/configuration.js'
import { loadConfiguration, type LoadOptions } from '../config/load-configuration.js'
import { announce } from './announce.js'
import { endHooks } from './end-hooks.js'
import { stderrLogger } from './logger.js'
import { refuse } from './refuse.js'
import { startFailure } from './start-failure.js'
import { endServing } from './workers/end-serving.js'
import { onEndSignals } from './workers/end-signals.js'
import { ownOrder } from './workers/order.js'
import { serveWithWorkers } from './workers/primary.js'
import { startServing } from './workers/serving.js'
import { serveAsWorker } from './workers/worker.js'

/** Runs a registry until a signal ends it. */
export async function serve(options: LoadOptions): Promise<void> {
  const order = ownOrder()
  if (order) {
    await serveAsWorker(options, order)
    return
  }
  let configuration: Configuration
  try {
    configuration = await loadConfiguration(options)
  } catch (error) {
    refuse(error)
    return
  }
  await (configuration.own.workers === 1 ? serveAlone(configuration) : serveWithWorkers(configuration))
}

async function serveAlone(configuration: Configuration): Promise<void> {
  const { own } = configuration
  const log = stderrLogger(own.loglevel)
  try {
    const serving = await startServing(configuration, log, { isAlone: true, tellsRebuild: true })
    onEndSignals({
      gently: (signal) => {
        log.info({ signal }, 'ending')
        void endServing(serving, configuration, log)
      },
      atOnce: () => process.exit(1),
    })
    announce(serving.address, configuration)
  } catch (error) {
    refuse(startFailure(error, own))
    endHooks(configuration, 0)
  }
}
