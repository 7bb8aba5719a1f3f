import { type Driver, type DriverModule, type Index, type IndexModule, RegistryError } from '@registry/core'
import type { Hooks, HooksModule } from '@registry/engine'
import { checkContract } from './check-contract.js'
import { checkName } from './check-name.js'
import { checkSchema } from './check-schema.js'
import { findModule } from './find-module.js'
import { importModule } from './import-module.js'
import { moduleExport, partsOf, shape } from './module-export.js'
import type { ModuleKind } from './module-kind.js'
import { openModule } from './open-module.js'
import { registerModule } from './register-module.js'

/** Options of a module that its own schema has checked. */
export type ModuleOptions = Readonly<Record<string, unknown>>

/** A module of each kind. */
export interface LoadedModules {
  readonly driver: DriverModule<ModuleOptions>
  readonly index: IndexModule<ModuleOptions>
  readonly hooks: HooksModule<ModuleOptions>
}

export interface LoadModuleOptions {
  /** How long a module may take to run, and to register its hooks. */
  readonly seconds?: number
}

/**
 * Loads a module by its name.
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
  checkContract(found['contract'], name, kind)
  const missing = Object.entries(partsOf(kind)).filter(([part, type]) => typeof found[part] !== type || found[part] === null)
  if (missing.length > 0) {
    const lacks = missing.map(([part, type]) => `no ${part} (${type})`).join(', ')
    throw new RegistryError('CONFIG', `${name}: its export \`${kind}\` has ${lacks}; ${shape(kind)}`)
  }
  const module = found as unknown as LoadedModules[Kind]
  checkName(module, name, url)
  checkSchema(module.options, name)
  return { contract: 1, name: module.name, options: module.options, ...guarded(kind, module, seconds) } as LoadedModules[Kind]
}

/** What a module does first, held against what it owes. */
function guarded(kind: ModuleKind, module: LoadedModules[ModuleKind], seconds: number): object {
  const { name } = module
  if (kind === 'hooks') {
    const registering = module as LoadedModules['hooks']
    return { register: (hooks: Hooks, options: ModuleOptions) => registerModule(name, async () => registering.register(hooks, options), seconds) }
  }
  const opened = module as LoadedModules['driver' | 'index']
  return { open: (options: ModuleOptions) => openModule<Driver | Index>(kind, name, () => opened.open(options)) }
}
