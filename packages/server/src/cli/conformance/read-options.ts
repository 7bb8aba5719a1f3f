import { resolve } from 'node:path'
import { type OptionsSchema, RegistryError } from '@registry/core'
import { checkSettings, configError, readConfig, type Settings } from '@registry/core/config'
import { optionsOf } from '../../config/module-options.js'
import { spelled } from '../../config/option-names.js'
import { readText } from '../../config/read-text.js'
import type { ModuleOptions } from '../../modules/load-module.js'
import { placeholdersIn } from './place.js'

type Described = { readonly name: string; readonly options: OptionsSchema }

/**
 * Reads the options that a driver or an index is opened with, as its section of a configuration has them.
 *
 * @throws `CONFIG` where they are not as its schema says, or each case would find what another one left
 */
export async function readOptions(file: string | undefined, module: Described): Promise<Settings> {
  const settings = file === undefined ? new Map() : await settingsIn(file)
  checkOptions(settings, module)
  if (placeholdersIn(settings).size === 0) {
    const example = '`root: <folder>/objects` or `database: <name>`'
    throw new RegistryError('CONFIG', `${file ?? module.name}: no option has <folder> or <name> in it, and each case needs a place of its own; put one into --options, such as ${example}`)
  }
  return settings
}

/** Options as a module takes them. Whatever is no option is a mistake here. */
export function checkOptions(settings: Settings, module: Described): ModuleOptions {
  const schema = Object.fromEntries(Object.entries(module.options).map(([option, each]) => [spelled(option), each]))
  const { values, problems, unknown } = checkSettings(settings, schema)
  const strange = unknown.map((problem) => ({ ...problem, found: `${module.name} has no such option`, allowed: undefined }))
  if (problems.length + strange.length > 0) throw configError([...problems, ...strange])
  return optionsOf(module, values)
}

async function settingsIn(file: string): Promise<Settings> {
  const text = await readText(resolve(file), file, 'it has the options of the driver or index, a line each')
  return readConfig({ name: file, text }, { flavor: '', environment: process.env })
}
