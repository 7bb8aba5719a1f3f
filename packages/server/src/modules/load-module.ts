import { type DriverModule, type IndexModule, RegistryError } from '@registry/core'
import { checkContract } from './check-contract.js'
import { findModule } from './find-module.js'
import { type ModuleKind, optionOf } from './module-kind.js'

/** Options of a driver or index that its own schema has checked. */
export type ModuleOptions = Readonly<Record<string, unknown>>

/** A module of either kind. */
export interface LoadedModules {
  readonly driver: DriverModule<ModuleOptions>
  readonly index: IndexModule<ModuleOptions>
}

const parts: Readonly<Record<string, string>> = { name: 'string', options: 'object', open: 'function' }

/**
 * Loads a driver or an index by its name.
 *
 * @param folders - where to look for it, in this order
 * @throws `CONFIG` where it is not installed, is something else, or speaks another version of the contract
 */
export async function loadModule<Kind extends ModuleKind>(kind: Kind, name: string, folders: readonly string[]): Promise<LoadedModules[Kind]> {
  const url = findModule(kind, name, folders)
  const exports = await importFrom(url, name)
  const found = exports[kind]
  if (typeof found !== 'object' || found === null) throw new RegistryError('CONFIG', `${name}: ${wrongExport(kind, exports)}`)
  const module = found as Readonly<Record<string, unknown>>
  checkContract(module['contract'], name)
  const missing = Object.entries(parts).filter(([part, type]) => typeof module[part] !== type || module[part] === null)
  if (missing.length > 0) {
    throw new RegistryError('CONFIG', `${name}: its export \`${kind}\` has no ${missing.map(([part, type]) => `${part} (${type})`).join(', no ')}; ${shape(kind)}`)
  }
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(String(module['name']))) {
    throw new RegistryError('CONFIG', `${name}: its name ${JSON.stringify(module['name'])} cannot name a section of the configuration; it may have a-z, 0-9, - and _`)
  }
  return found as LoadedModules[Kind]
}

async function importFrom(url: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(url)) as Readonly<Record<string, unknown>>
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new RegistryError('CONFIG', `${name}: was found and cannot be loaded: ${reason ?? ''}`, { cause: error })
  }
}

function wrongExport(kind: ModuleKind, exports: Readonly<Record<string, unknown>>): string {
  const other: ModuleKind = kind === 'driver' ? 'index' : 'driver'
  if (exports[other] !== undefined) return `it exports \`${other}\`, so it is no ${kind}: name it with \`${optionOf[other]}:\``
  const names = Object.keys(exports)
  return `it exports ${names.length === 0 ? 'nothing' : names.join(', ')}, and no \`${kind}\`; ${shape(kind)}`
}

function shape(kind: ModuleKind): string {
  return `a module exports \`${kind}\` as { contract: 1, name, options, open }`
}
