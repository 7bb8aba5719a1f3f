import { join } from 'node:path'
import { type Index, RegistryError } from '@registry/core'
import { fileDriver } from '@registry/driver-file'
import { createRegistry, type RebuildProgress, type Registry } from '@registry/engine'
import { setAside, sqliteIndex } from '@registry/index-sqlite'
import type { Logger } from 'pino'

/** Where the index of a registry is that keeps its data in a folder. */
export function indexFile(storagePath: string): string {
  return join(storagePath, '@index.sqlite')
}

export interface OpenRegistryOptions {
  /** A damaged index is set aside, and a new one made. Otherwise it is refused. */
  readonly replacesDamaged?: boolean
  /** No other process has the folder open. */
  readonly exclusive?: boolean
  readonly onRebuildProgress?: (progress: RebuildProgress) => void
  /** Is told of background work that failed, beside the log. */
  readonly onBackgroundError?: (error: unknown) => void
}

/** Opens the registry that keeps its data in a folder. */
export async function openRegistry(storagePath: string, log: Logger, options: OpenRegistryOptions = {}): Promise<Registry> {
  const { replacesDamaged = false } = options
  try {
    return await openOnce(storagePath, log, options)
  } catch (error) {
    if (!replacesDamaged || !isDamagedIndex(error)) throw error
    // Everything in it is in storage as well.
    const aside = await setAside(indexFile(storagePath), 'corrupt')
    log.error({ err: error, aside }, 'the index is damaged: it was set aside, and a new one is made from storage')
    return openOnce(storagePath, log, options)
  }
}

async function openOnce(storagePath: string, log: Logger, { onBackgroundError, exclusive, onRebuildProgress }: OpenRegistryOptions): Promise<Registry> {
  const driver = await fileDriver({ root: storagePath })
  try {
    const index = await openIndex(storagePath, log)
    try {
      return await createRegistry({
        driver,
        index,
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

/** Damage may show when the file is opened, or when the first rows are read. */
function isDamagedIndex(error: unknown): boolean {
  return RegistryError.is(error, 'CORRUPT') && error.driver === 'sqlite'
}

/** Opens the index of a registry. */
export async function openIndex(storagePath: string, log: Logger): Promise<Index> {
  return sqliteIndex({
    file: indexFile(storagePath),
    onMigration: (migrated) => { log.warn(migrated, 'the index was migrated to a newer schema; its copy from before can be deleted when all is well') },
  })
}
