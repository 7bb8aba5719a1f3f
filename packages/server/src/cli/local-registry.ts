import { RegistryError } from '@registry/core'
import type { Configuration } from '../config/configuration.js'
import { indexFileOf } from './open-registry.js'

/** A registry whose data is a folder and whose index is a file. */
export interface LocalRegistry {
  readonly folder: string
  readonly indexFile: string
}

/**
 * Where a registry is whose data is a folder and whose index is a file.
 *
 * @throws `CONFIG` where it is not of this kind
 */
export function localRegistry(configuration: Configuration, command: string): LocalRegistry {
  const { storage, index } = configuration
  const indexFile = indexFileOf(configuration)
  if (storage.module.name === 'file' && indexFile !== undefined) return { folder: String(storage.options['root']), indexFile }
  throw new RegistryError('CONFIG', `\`registry ${command}\` is for data in a folder with an index in SQLite, and this registry has storage ${storage.module.name} with index ${index.module.name}; use what these bring`)
}
