import type { Registry } from '@registry/engine'
import type { Logger } from 'pino'
import type { Configuration } from '../../config/configuration.js'
import { createServer, type ServerAddress } from '../../server.js'
import { logRebuild } from '../log-rebuild.js'
import { missingRedirects } from '../missing-redirects.js'
import { openRegistry } from '../open-registry.js'
import { rebuildProgress } from '../rebuild-progress.js'
import { registerHooks } from '../register-hooks.js'
import { serverOptions } from '../server-options.js'
import { warn } from '../warn.js'

export interface ServingOptions {
  /** No other process of this registry runs: a damaged index is set aside, and a new one made. */
  readonly isAlone: boolean
  /** A rebuild of the index is told, and what the configuration asks of a storage in vain. */
  readonly tellsRebuild: boolean
}

/** A registry that is open, and answers. */
export interface Serving {
  readonly address: ServerAddress
  /** Lets running requests end within the time for it, then closes the registry. */
  close(): Promise<void>
}

/** Opens the registry of a configuration and listens. Where that fails, nothing stays open. */
export async function startServing(configuration: Configuration, log: Logger, { isAlone, tellsRebuild }: ServingOptions): Promise<Serving> {
  const { own } = configuration
  let registry: Registry | undefined
  try {
    registry = await openRegistry(configuration, log, {
      replacesDamaged: isAlone,
      ...(tellsRebuild && { onRebuildProgress: rebuildProgress(process.stderr, log) }),
    })
    if (tellsRebuild) {
      logRebuild(registry, log)
      warn(missingRedirects(registry, configuration))
    }
    await registerHooks(registry, configuration)
    const server = await createServer(registry, { logger: log, ...serverOptions(configuration) })
    const address = await server.listen(own)
    const opened = registry
    const close = async (): Promise<void> => {
      await server.close({ graceMilliseconds: own.graceful_timeout * 1000 })
      await opened.close()
    }
    return { address, close }
  } catch (error) {
    await registry?.close()
    log.debug({ err: error }, 'the start failed')
    throw error
  }
}
