import { type OptionsSchema, RegistryError } from '@registry/core'
import { type CheckedValue, checkSettings, configError, type ConfigProblem, type Environment, type Origin, readConfig, type Settings } from '@registry/core/config'
import { type LoadedModules, loadModule, type ModuleOptions } from '../modules/load-module.js'
import { type ModuleKind, optionOf } from '../modules/module-kind.js'
import { findConfigFile } from './config-file.js'
import type { Configuration } from './configuration.js'
import { environmentSettings, heritageVariables } from './environment.js'
import { chooseIndex } from './index-choice.js'
import { laterOptions } from './later-options.js'
import { layered } from './layers.js'
import { olderForms } from './older-forms.js'
import { sectionOf, spelled } from './option-names.js'
import { valuesOf } from './option-values.js'
import { ownOptions } from './own-options.js'
import { refusals } from './refused-options.js'
import { chooseStorage, storageSettings } from './storage-choice.js'
import { strayOptions, warningsOf } from './warnings.js'

export interface LoadOptions {
  /** The file, where the command line names one. */
  readonly config?: string | undefined
  /** The flavor, where the command line names one. */
  readonly flavor?: string | undefined
  /** What the command line says of options. */
  readonly commandLine?: Settings
  readonly environment: Environment
}

/**
 * Reads, completes and checks a configuration, and loads the modules that it names. Nothing is opened.
 *
 * @throws `CONFIG` with all that is wrong, a line each
 */
export async function loadConfiguration({ config, flavor: named, commandLine = new Map(), environment }: LoadOptions): Promise<Configuration> {
  const file = await findConfigFile(config, environment)
  const flavor = named ?? environment['SETTINGS_FLAVOR'] ?? 'dev'
  const general: OptionsSchema = { ...ownOptions, ...laterOptions }
  const fromFile = olderForms(readConfig(file, { flavor, environment }))
  const given = layered(fromFile, heritageVariables(environment), environmentSettings(environment, Object.keys(general)), commandLine)
  const folders = [...(file.folder === undefined ? [] : [file.folder]), process.cwd()]

  const storage = chooseStorage(given)
  const driver = await load('driver', storage, folders)
  const driverSection = sectionOf(driver.module)
  const forDriver = layered(storageSettings(given, storage.storage, driver.module?.name ?? ''), given, environmentSettings(environment, Object.keys(driverSection)))

  const choice = chooseIndex(forDriver, storage.storage, driver.module)
  const index = await load('index', choice, folders)
  const indexSection = sectionOf(index.module)
  const settings = layered(choice.settings, forDriver, environmentSettings(environment, Object.keys(indexSection)))

  const schema = { ...general, ...driverSection, ...indexSection }
  const checked = checkSettings(settings, schema)
  const problems = [...refusals(given), ...storage.problems, ...driver.problems, ...choice.problems, ...index.problems, ...checked.problems]
  if (!driver.module || !index.module) throw configError(problems)
  const names = { storage: storage.storage, index: index.module.name }
  // What is missing may be there under a name that is none.
  if (problems.length > 0) throw configError([...problems, ...strayOptions({ checked, ...names })])
  return {
    file: file.path,
    flavor,
    own: valuesOf(ownOptions, checked.values),
    storage: { module: driver.module, options: optionsOf(driver.module, checked.values) },
    index: { module: index.module, options: optionsOf(index.module, checked.values) },
    values: checked.values,
    schema,
    warnings: warningsOf({ checked, schema, environment, ...names }),
  }
}

/** A module, or why there is none. */
interface Loaded<Module> {
  readonly module?: Module
  readonly problems: readonly ConfigProblem[]
}

async function load<Kind extends ModuleKind>(
  kind: Kind,
  { name, origin }: { readonly name: string | undefined; readonly origin: Origin | undefined },
  folders: readonly string[],
): Promise<Loaded<LoadedModules[Kind]>> {
  if (name === undefined) return { problems: [] }
  try {
    return { module: await loadModule(kind, name, folders), problems: [] }
  } catch (error) {
    if (!RegistryError.is(error, 'CONFIG')) throw error
    return { problems: [{ option: optionOf[kind], origin, found: error.message }] }
  }
}

/** The options of a module as its `open` takes them. */
function optionsOf({ name, options }: LoadedModules[ModuleKind], values: ReadonlyMap<string, CheckedValue>): ModuleOptions {
  const entries = Object.keys(options).map((option) => [option, values.get(`${name}.${spelled(option)}`)?.value] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
