import type { Registry } from '@registry/engine'
import { stderrLogger } from './logger.js'
import { openRegistry } from './open-registry.js'
import { existingRegistry } from './storage-path.js'

/** Lets a command work on a registry that is there, served at the same time or not. What it refuses is one line on stderr. */
export async function useRegistry(storagePath: string, work: (registry: Registry) => Promise<void>): Promise<void> {
  let registry: Registry | undefined
  try {
    registry = await openRegistry(existingRegistry(storagePath), stderrLogger('warn'))
    await work(registry)
  } catch (error) {
    process.stderr.write(`registry: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  } finally {
    await registry?.close()
  }
}
