import { type Driver, type DriverModule, type Index, type IndexModule, RegistryError } from '@registry/core'
import { checkContract } from './check-contract.js'
import { checkName } from './check-name.js'
import { checkSchema } from './check-schema.js'
import { findModule } from './find-module.js'
import { importModule } from './import-module.js'
import { moduleExport, shape } from './module-export.js'
import type { ModuleKind } from './module-kind.js'
import { openModule } from './open-module.js'

/** Options of a driver or index that its own schema has checked. */
export type ModuleOptions = Readonly<Record<string, unknown>>

/** A module of either kind. */
export interface LoadedModules {
  readonly driver: DriverModule<ModuleOptions>
  readonly index: IndexModule<ModuleOptions>
}

export interface LoadModuleOptions {
  /** How long a module may take to run. */
  readonly seconds?: number
}

const parts: Readonly<Record<string, string>> = { name: 'string', options: 'object', open: 'function' }

/**
 * Loads a driver or an index by its name.
 *
 * @param folders - where to look for it, in this order
 * @throws `CONFIG` where it is not installed, is something else, or speaks another version of the contract
 */
export async function loadModule<Kind extends ModuleKind>(
  kind: Kind,
  name: string,
  folders: readonly string[],
  { seconds = 30 }: LoadModuleOptions = {},
): Promise<LoadedModules[Kind]> {
  const url = findModule(kind, name, folders)
  const found = moduleExport(kind, await importModule(url, name, seconds), name)
  checkContract(found['contract'], name)
  const missing = Object.entries(parts).filter(([part, type]) => typeof found[part] !== type || found[part] === null)
  if (missing.length > 0) {
    const lacks = missing.map(([part, type]) => `no ${part} (${type})`).join(', ')
    throw new RegistryError('CONFIG', `${name}: its export \`${kind}\` has ${lacks}; ${shape(kind)}`)
  }
  const module = found as unknown as LoadedModules[Kind]
  checkName(module, name, url)
  checkSchema(module.options, name)
  const open = (options: ModuleOptions): Promise<Driver | Index> => openModule<Driver | Index>(kind, module.name, () => module.open(options))
  return { contract: 1, name: module.name, options: module.options, open } as LoadedModules[Kind]
}
