import { type Index, RegistryError } from '@registry/core'
import { createRegistry, type RebuildProgress, type Registry } from '@registry/engine'
import { type Migrated, setAside } from '@registry/index-sqlite'
import type { Logger } from 'pino'
import type { Configuration } from '../config/configuration.js'
import { policyOf } from './server-options.js'

export interface OpenRegistryOptions {
  /** A damaged index is set aside, and a new one made. Otherwise it is refused. */
  readonly replacesDamaged?: boolean
  /** No other process has the storage open. */
  readonly exclusive?: boolean
  readonly onRebuildProgress?: (progress: RebuildProgress) => void
  /** Is told of background work that failed, beside the log. */
  readonly onBackgroundError?: (error: unknown) => void
}

/** Opens the registry that a configuration describes. */
export async function openRegistry(configuration: Configuration, log: Logger, options: OpenRegistryOptions = {}): Promise<Registry> {
  const { replacesDamaged = false } = options
  try {
    return await openOnce(configuration, log, options)
  } catch (error) {
    const file = indexFileOf(configuration)
    if (!replacesDamaged || file === undefined || !RegistryError.is(error, 'CORRUPT') || error.driver !== 'sqlite') throw error
    // Damage may show when the file is opened, or when the first rows are read. Everything in it is in storage as well.
    const aside = await setAside(file, 'corrupt')
    log.error({ err: error, aside }, 'the index is damaged: it was set aside, and a new one is made from storage')
    return openOnce(configuration, log, options)
  }
}

async function openOnce(configuration: Configuration, log: Logger, { onBackgroundError, exclusive, onRebuildProgress }: OpenRegistryOptions): Promise<Registry> {
  const { storage } = configuration
  const driver = await storage.module.open(storage.options)
  try {
    const index = await openIndex(configuration, log)
    try {
      return await createRegistry({
        driver,
        index,
        policy: policyOf(configuration),
        ...(exclusive !== undefined && { exclusive }),
        ...(onRebuildProgress && { onRebuildProgress }),
        onBackgroundError: (error) => {
          log.error({ err: error }, 'background work failed')
          onBackgroundError?.(error)
        },
      })
    } catch (error) {
      await index.close()
      throw error
    }
  } catch (error) {
    await driver.close()
    throw error
  }
}

/** Opens the index that a configuration describes. */
export async function openIndex({ index: { module, options } }: Pick<Configuration, 'index'>, log: Logger): Promise<Index> {
  const onMigration = (migrated: Migrated): void => {
    log.warn(migrated, 'the index was migrated to a newer schema; its copy from before can be deleted when all is well')
  }
  return module.open(module.name === 'sqlite' ? { ...options, onMigration } : options)
}

/** The file of the index, where it is one. */
export function indexFileOf({ index: { module, options } }: Pick<Configuration, 'index'>): string | undefined {
  return module.name === 'sqlite' ? String(options['file']) : undefined
}
