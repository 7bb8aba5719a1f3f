import type { Logger } from 'pino'
import type { Configuration } from '../../config/configuration.js'
import { endHooks } from '../end-hooks.js'
import type { Serving } from './serving.js'

/** Ends what answers: running requests, and then what listeners have under way, each within the time for it. Exit code 1 where that was not clean. */
export async function endServing(serving: Serving, configuration: Configuration, log: Logger): Promise<void> {
  try {
    await serving.close()
  } catch (error) {
    log.error({ err: error }, 'the end was not clean')
    process.exitCode = 1
  }
  endHooks(configuration, configuration.own.graceful_timeout)
}
