import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { RegistryError } from '@registry/core'
import { InvalidArgumentError, Option } from 'commander'
import { indexFile } from './open-registry.js'

/** The option that every command has which works on a registry's data. */
export function storagePathOption(description: string): Option {
  return new Option('--storage-path <folder>', description).default('./data').argParser(parseText)
}

/** An option that is not empty. */
export function parseText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.')
  return text
}

/**
 * The folder of a registry that is there: a command that works on one makes none.
 *
 * @throws `CONFIG`
 */
export function existingRegistry(storagePath: string): string {
  const folder = existingStorage(storagePath)
  // An empty file is a new index: opening it would begin a rebuild.
  if ((statSync(indexFile(folder), { throwIfNoEntry: false })?.size ?? 0) > 0) return folder
  throw new RegistryError('CONFIG', `${folder} has a registry without its index; \`registry serve\` and \`registry rebuild\` make the index anew`)
}

/**
 * The folder of a registry, with its index or without.
 *
 * @throws `CONFIG`
 */
export function existingStorage(storagePath: string): string {
  const folder = resolve(storagePath)
  const found = statSync(folder, { throwIfNoEntry: false })
  if (!found) throw new RegistryError('CONFIG', `${folder} does not exist; name the folder of a registry with --storage-path`)
  if (!found.isDirectory()) throw new RegistryError('CONFIG', `${folder} is no folder; name the folder of a registry with --storage-path`)
  if (['registry.json', 'repositories', '@index.sqlite'].some((name) => existsSync(join(folder, name)))) return folder
  throw new RegistryError('CONFIG', `${folder} holds no registry; name the folder of one with --storage-path`)
}
