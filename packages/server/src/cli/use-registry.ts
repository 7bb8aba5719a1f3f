import { RegistryError } from '@registry/core'
import type { Registry } from '@registry/engine'
import { loadConfiguration, type LoadOptions } from '../config/load-configuration.js'
import { requireRegistry } from './existing-registry.js'
import { stderrLogger } from './logger.js'
import { openRegistry } from './open-registry.js'
import { refuse } from './refuse.js'

/** Lets a command work on a registry that is there, served at the same time or not. What it refuses is one line on stderr. */
export async function useRegistry(options: LoadOptions, work: (registry: Registry) => Promise<void>): Promise<void> {
  let registry: Registry | undefined
  try {
    const configuration = await loadConfiguration(options)
    const log = stderrLogger('warn')
    await requireRegistry(configuration, log)
    registry = await openRegistry(configuration, log)
    if (registry.rebuild) throw new RegistryError('CONFIG', 'the index is empty, and the storage is not; `registry serve` makes the index anew')
    await work(registry)
  } catch (error) {
    refuse(error)
  } finally {
    await registry?.close()
  }
}
