import { RegistryError } from '../errors.js'
import { nearest } from './nearest.js'
import { oneLine } from './problem.js'
import { TypedScalar } from './yaml-schema.js'
import { parseYaml } from './yaml.js'

/** A configuration file. */
export interface ConfigFile {
  /** What it is called in messages. */
  readonly name: string
  /** YAML 1.1, of at most 256 KiB in UTF-8; {@link readConfig} refuses more with `CONFIG`. */
  readonly text: string
}

/** What a file says for one flavor. */
export interface Flavor {
  /** Empty where the file has no flavors. */
  readonly name: string
  /** Its options, as YAML has them. */
  readonly options: ReadonlyMap<string, unknown>
  /** The sections at the top of the file that belong to every flavor. */
  readonly shared: ReadonlyMap<string, unknown>
}

/** Sections that may stand beside the flavors. */
const sharedSections = new Set(['extensions'])

/**
 * Picks a flavor of a file.
 *
 * @param name - the empty text where the whole file is the configuration
 * @throws `CONFIG`
 */
export function pickFlavor(file: ConfigFile, name: string): Flavor {
  const document = parseYaml(file.text, file.name) ?? new Map()
  if (!(document instanceof Map)) {
    throw new RegistryError('CONFIG', `${file.name}: has to be a mapping of flavors, such as \`dev:\` with options below it`)
  }
  const top = document as ReadonlyMap<string, unknown>
  if (name === '') return { name, options: top, shared: new Map() }

  const shared = new Map([...top].filter(([key]) => sharedSections.has(key)))
  const options = shared.has(name) ? undefined : top.get(name)
  if (options instanceof Map) return { name, options: options as ReadonlyMap<string, unknown>, shared }
  if (options instanceof TypedScalar && options.value === null) return { name, options: new Map(), shared }
  const flavors = [...top].filter(([key, value]) => !sharedSections.has(key) && value instanceof Map).map(([key]) => key)
  throw new RegistryError('CONFIG', oneLine(`${file.name}: ${problemOf(name, top, flavors)}`))
}

function problemOf(name: string, top: ReadonlyMap<string, unknown>, flavors: readonly string[]): string {
  const found = foundOf(name, top)
  if (flavors.length === 0) return `${found}; the file has none: set SETTINGS_FLAVOR to the empty text where the whole file is the configuration`
  const near = nearest(name, flavors)
  return `${found}${near === undefined ? '' : ` (did you mean ${near}?)`}; SETTINGS_FLAVOR names one of ${flavors.join(', ')}`
}

function foundOf(name: string, top: ReadonlyMap<string, unknown>): string {
  if (top.size === 0) return `there is no flavor ${name}, and nothing else`
  if (!top.has(name)) return `there is no flavor ${name}`
  if (sharedSections.has(name)) return `${name} is no flavor: it belongs to all of them`
  return `${name} is no flavor: it has no options below it, such as \`port: 5000\` with a space behind the colon`
}
