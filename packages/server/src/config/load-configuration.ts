import { type OptionsSchema, RegistryError } from '@registry/core'
import { checkSettings, configError, type ConfigProblem, type Environment, type Origin, readConfig, type Settings } from '@registry/core/config'
import { type LoadedModules, loadModule } from '../modules/load-module.js'
import { type ModuleKind, optionOf } from '../modules/module-kind.js'
import { wrongTexts } from './check-values.js'
import { findConfigFile } from './config-file.js'
import type { Configuration } from './configuration.js'
import { environmentSettings, heritageVariables } from './environment.js'
import { chooseHooks } from './hooks-choice.js'
import { chooseIndex } from './index-choice.js'
import { laterOptions } from './later-options.js'
import { layered } from './layers.js'
import { olderForms } from './older-forms.js'
import { optionsOf } from './module-options.js'
import { sectionOf } from './option-names.js'
import { valuesOf } from './option-values.js'
import { ownOptions } from './own-options.js'
import { refusals } from './refused-options.js'
import { type NamedModule, sameNames } from './same-names.js'
import { searchSwitch } from './search-switch.js'
import { chooseStorage, lackOf, storageSettings } from './storage-choice.js'
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
export async function loadConfiguration(options: LoadOptions): Promise<Configuration> {
  const { file, flavor, storage, driver, index, hooks, settings, schema, problems: earlier } = await gather(options)
  const checked = checkSettings(settings, schema)
  const problems = [...earlier, ...checked.problems, ...wrongTexts(checked.values)]
  if (!driver || !index) throw configError(problems)
  const names = { storage, index: index.name }
  // What is missing may be there under a name that is none.
  if (problems.length > 0) throw configError([...problems, ...strayOptions({ checked, ...names })])
  return {
    file,
    flavor,
    own: valuesOf(ownOptions, checked.values),
    storage: { module: driver, options: optionsOf(driver, checked.values, `${driver.name}.`) },
    index: { module: index, options: optionsOf(index, checked.values, `${index.name}.`) },
    hooks: hooks.map((module) => ({ module, options: optionsOf(module, checked.values, `${module.name}.`) })),
    values: checked.values,
    schema,
    warnings: warningsOf({ checked, schema, environment: options.environment, ...names }),
  }
}

/** All options that there are with the modules of a configuration, whatever it says to them. What is wrong with the modules comes with them. */
export async function loadSchema(options: LoadOptions): Promise<Pick<Gathered, 'schema' | 'problems'>> {
  return gather(options)
}

/** A configuration before it is checked. */
interface Gathered {
  readonly file: string | undefined
  readonly flavor: string
  /** What `storage` says. */
  readonly storage: string
  readonly driver: LoadedModules['driver'] | undefined
  readonly index: LoadedModules['index'] | undefined
  readonly hooks: readonly LoadedModules['hooks'][]
  readonly settings: Settings
  readonly schema: OptionsSchema
  readonly problems: readonly ConfigProblem[]
}

async function gather({ config, flavor: named, commandLine = new Map(), environment }: LoadOptions): Promise<Gathered> {
  const file = await findConfigFile(config, environment)
  const flavor = named ?? environment['SETTINGS_FLAVOR'] ?? 'dev'
  const general: OptionsSchema = { ...ownOptions, ...laterOptions }
  const fromFile = olderForms(readConfig(file, { flavor, environment }))
  const layers = [fromFile, heritageVariables(environment), environmentSettings(environment, Object.keys(general)), commandLine]
  const given = layered(searchSwitch(layers, environment), ...layers)
  const folders = [...(file.folder === undefined ? [] : [file.folder]), process.cwd()]

  const storage = chooseStorage(given)
  const driver = await load('driver', storage, folders)
  const driverSection = sectionOf(driver.module)
  const forDriver = layered(storageSettings(given, storage.storage, driver.module?.name ?? ''), given, environmentSettings(environment, Object.keys(driverSection)))

  const choice = chooseIndex(forDriver, storage.storage, driver.module)
  const index = await load('index', choice, folders)
  const hooks = await loadHooks(given, folders)
  const sections: OptionsSchema = Object.fromEntries([index.module, ...hooks.modules].flatMap((module) => Object.entries(sectionOf(module))))
  return {
    file: file.path,
    flavor,
    storage: storage.storage,
    driver: driver.module,
    index: index.module,
    hooks: hooks.modules,
    settings: layered(choice.settings, forDriver, environmentSettings(environment, Object.keys(sections))),
    schema: { ...general, ...driverSection, ...sections },
    problems: [
      ...refusals(given),
      ...storage.problems,
      ...driver.problems,
      ...(driver.module ? lackOf(forDriver, storage.storage, driver.module.name) : []),
      ...choice.problems,
      ...index.problems,
      ...hooks.problems,
      ...sameNames([...namedAs('driver', driver), ...namedAs('index', index), ...hooks.named]),
    ],
  }
}

/** Modules of hooks, and why some are not there. */
interface LoadedHooks {
  readonly modules: readonly LoadedModules['hooks'][]
  readonly named: readonly NamedModule[]
  readonly problems: readonly ConfigProblem[]
}

async function loadHooks(settings: Settings, folders: readonly string[]): Promise<LoadedHooks> {
  const { names, origin } = chooseHooks(settings)
  const loaded: { readonly name: string; readonly found: Loaded<LoadedModules['hooks']> }[] = []
  for (const name of names) loaded.push({ name, found: await load('hooks', { name, origin }, folders) })
  return {
    modules: loaded.flatMap(({ found }) => found.module ?? []),
    named: loaded.flatMap(({ name, found }) => namedAs('hooks', found, `the hooks ${name}`)),
    problems: loaded.flatMap(({ found }) => found.problems),
  }
}

function namedAs(kind: ModuleKind, { module }: Loaded<LoadedModules[ModuleKind]>, role: string = `the ${kind}`): readonly NamedModule[] {
  return module ? [{ name: module.name, role, option: optionOf[kind] }] : []
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
