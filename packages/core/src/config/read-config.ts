import { RegistryError } from '../errors.js'
import { type Environment, environmentValue } from './environment-value.js'
import { type ConfigFile, type Flavor, pickFlavor } from './flavor.js'
import { plainValue } from './plain-value.js'
import { oneLine } from './problem.js'
import { isSet, type Setting, type Settings } from './setting.js'
import { TypedScalar } from './yaml-schema.js'

/** How a configuration is read. */
export interface ReadConfigOptions {
  /** Which flavor counts; the empty text where the whole file is the configuration. */
  readonly flavor: string
  /** What `_env:` values are looked up in. */
  readonly environment: Environment
}

/** Aliases let a small file unfold without end. As many options, items of lists and lines of text are far more than anybody writes. */
const maxSize = 10_000

/**
 * Reads the options of one flavor of a configuration file, those of sections by paths such as `cache.host`.
 * Values that are `_env:NAME` or `_env:NAME:DEFAULT` come from the environment. The other flavors are not looked at.
 *
 * @throws `CONFIG` where the file is no YAML, or has no such flavor
 */
export function readConfig(file: ConfigFile, { flavor: name, environment }: ReadConfigOptions): Settings {
  const flavor = pickFlavor(file, name)
  const settings = new Map<string, Setting>()
  const place = (path: string): { readonly file: string; readonly path: string } => ({ file: file.name, path })
  const refusal = (what: string): RegistryError => new RegistryError('CONFIG', oneLine(`${file.name}: ${what}`))
  let size = 0
  const count = (more: number): void => {
    size += more
    if (size > maxSize) throw refusal(`unfolds to more than ${maxSize} options, items of lists and lines; aliases (*name) within each other multiply`)
  }
  const walk = (mapping: ReadonlyMap<string, unknown>, above: Above): void => {
    if (above.within.includes(mapping)) throw refusal(`${above.path.slice(0, -1)} contains itself by an alias (*name)`)
    for (const [name, node] of mapping) {
      const [key, path] = [`${above.key}${name}`, `${above.path}${name}`]
      count(1)
      if (node instanceof Map) {
        walk(node as ReadonlyMap<string, unknown>, { key: `${key}.`, path: `${path}.`, within: [...above.within, mapping] })
        continue
      }
      const setting = settingOf(node, place(path), environment)
      count(sizeOf(setting))
      if (isSet(setting) || !settings.has(key)) settings.set(key, setting)
    }
  }
  for (const { options, path } of partsOf(flavor)) walk(options, { key: '', path, within: [] })
  return settings
}

/** Where in the file a mapping is. */
interface Above {
  readonly key: string
  readonly path: string
  readonly within: readonly ReadonlyMap<string, unknown>[]
}

/** The mappings that count, the later the more. */
function partsOf({ name, options, shared }: Flavor): readonly { readonly options: ReadonlyMap<string, unknown>; readonly path: string }[] {
  return [{ options: shared, path: '' }, { options, path: name === '' ? '' : `${name}.` }]
}

function settingOf(node: unknown, place: { readonly file: string; readonly path: string }, environment: Environment): Setting {
  const origin = { kind: 'file', ...place } as const
  if (typeof node === 'string') return environmentValue(node, environment, place) ?? { text: node, value: node, origin }
  if (node instanceof TypedScalar && node.value !== null) return { text: node.text, value: node.value, origin }
  return { value: plainValue(node), origin }
}

/** How much there is beside the option itself. */
function sizeOf({ text, value }: Setting): number {
  if (text !== undefined) return Math.floor(text.length / 30)
  return Array.isArray(value) ? value.length : 0
}
