import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { RegistryError } from '@registry/core'
import { ownsStorage } from '@registry/engine'
import type { Logger } from 'pino'
import type { Configuration } from '../config/configuration.js'
import { indexFileOf, openIndex } from './open-registry.js'

/**
 * Makes sure that a registry is there, with its index: a command that works on one makes none.
 *
 * @throws `CONFIG`
 */
export async function requireRegistry(configuration: Configuration, log: Logger): Promise<void> {
  await requireStorage(configuration)
  const file = indexFileOf(configuration)
  // A new index would take the storage over from the one that it belongs to, which a server may be using.
  if (file === undefined) return requireOwner(configuration, log)
  // An empty file is one too.
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0) return
  throw new RegistryError('CONFIG', `${placeOf(configuration)} has a registry without its index; \`registry serve\` and \`registry rebuild\` make the index anew`)
}

async function requireOwner(configuration: Configuration, log: Logger): Promise<void> {
  const index = await openIndex(configuration, log)
  try {
    if (await ownsStorage(index)) return
  } finally {
    await index.close()
  }
  const advice = 'name the index that it is used with; where that is lost, `registry serve` makes it anew'
  throw new RegistryError('CONFIG', `${placeOf(configuration)} has a registry, and this index (${configuration.index.module.name}) is empty: ${advice}`)
}

/**
 * Makes sure that a storage has a registry, with its index or without.
 *
 * @throws `CONFIG`
 */
export async function requireStorage(configuration: Configuration): Promise<void> {
  const place = placeOf(configuration)
  if (configuration.storage.module.name === 'file' ? holdsRegistry(place, configuration) : await hasOwner(configuration)) return
  throw new RegistryError('CONFIG', `${place} holds no registry; ${hint}`)
}

const hint = 'name the folder of one with --storage-path, or its configuration with --config and --flavor'

function holdsRegistry(folder: string, configuration: Configuration): boolean {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (!found) throw new RegistryError('CONFIG', `${folder} does not exist; ${hint}`)
  if (!found.isDirectory()) throw new RegistryError('CONFIG', `${folder} is no folder; ${hint}`)
  return ['registry.json', 'repositories'].some((name) => existsSync(join(folder, name))) || existsSync(indexFileOf(configuration) ?? '')
}

async function hasOwner({ storage: { module, options } }: Configuration): Promise<boolean> {
  const driver = await module.open(options)
  try {
    return (await driver.head('registry.json')) !== undefined
  } finally {
    await driver.close()
  }
}

/** A storage in the words of messages: its folder, or its name. */
export function placeOf({ storage: { module, options } }: Configuration): string {
  return module.name === 'file' ? String(options['root']) : `storage ${module.name}`
}
