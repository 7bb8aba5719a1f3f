import type { Registry } from '@registry/engine'
import { stderrLogger } from './logger.js'
import { openRegistry } from './open-registry.js'
import { refuse } from './refuse.js'
import { existingRegistry } from './storage-path.js'

/** Lets a command work on a registry that is there, served at the same time or not. What it refuses is one line on stderr. */
export async function useRegistry(storagePath: string, work: (registry: Registry) => Promise<void>): Promise<void> {
  let registry: Registry | undefined
  try {
    registry = await openRegistry(existingRegistry(storagePath), stderrLogger('warn'))
    await work(registry)
  } catch (error) {
    refuse(error)
  } finally {
    await registry?.close()
  }
}
