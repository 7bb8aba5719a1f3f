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
  const { replacesDamaged = false, onBackgroundError = () => {}, ...others } = options
  const driver = await fileDriver({ root: storagePath })
  try {
    const index = await (replacesDamaged ? openOrReplace(storagePath, log) : openIndex(storagePath, log))
    try {
      return await createRegistry({
        driver,
        index,
        ...others,
        onBackgroundError: (error) => {
          log.error({ err: error }, 'background work failed')
          onBackgroundError(error)
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

/** Opens the index of a registry. */
export async function openIndex(storagePath: string, log: Logger): Promise<Index> {
  return sqliteIndex({
    file: indexFile(storagePath),
    onMigration: (migrated) => { log.warn(migrated, 'the index was migrated to a newer schema; its copy from before can be deleted when all is well') },
  })
}

/** Opens the index, or a new one where it is damaged: everything in it is in storage as well. */
async function openOrReplace(storagePath: string, log: Logger): Promise<Index> {
  try {
    return await openIndex(storagePath, log)
  } catch (error) {
    if (!RegistryError.is(error, 'CORRUPT')) throw error
    const aside = await setAside(indexFile(storagePath), 'corrupt')
    log.error({ err: error, aside }, 'the index is damaged: it was set aside, and a new one is made from storage')
    return openIndex(storagePath, log)
  }
}
