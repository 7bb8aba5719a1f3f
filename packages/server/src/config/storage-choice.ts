import { type ConfigProblem, isSet, optionValue, type Origin, type Settings } from '@registry/core/config'
import { heritageOf } from './heritage-storages.js'
import { layered, renamed, textOf } from './layers.js'
import { ownOptions } from './own-options.js'

/** Which driver a configuration means. */
export interface StorageChoice {
  /** What `storage` says. */
  readonly storage: string
  /** The driver that serves it. */
  readonly name: string
  readonly origin: Origin | undefined
  readonly problems: readonly ConfigProblem[]
}

/** Finds out which driver a configuration means. */
export function chooseStorage(settings: Settings): StorageChoice {
  const storage = textOf(settings, 'storage') ?? ownOptions.storage.default
  const { driver, refused = {} } = heritageOf(storage)
  const problems = Object.entries(refused).flatMap(([option, allowed]) => {
    const setting = settings.get(option)
    return setting && optionValue(setting, { type: 'boolean', description: '' }) === true ? [{ option, origin: setting.origin, found: `${option} is not supported`, allowed }] : []
  })
  return { storage, name: driver, origin: settings.get('storage')?.origin, problems }
}

/** What the options outside the driver's section say to it, such as `s3_bucket` and `storage_path`, by paths below `section`. */
export function storageSettings(settings: Settings, storage: string, section: string): Settings {
  const { options = {}, preset = {} } = heritageOf(storage)
  const presets = new Map(Object.entries(preset).map(([option, text]) => [`${section}.${option}`, { text, value: text, origin: { kind: 'default' } as const }]))
  const names = { ...(isForeignPath(settings, storage) ? {} : { storage_path: 'root' }), ...ownPrefix(settings, storage), ...options }
  return layered(presets, renamed(settings, Object.entries(names).map(([from, to]) => [from, `${section}.${to}`] as const)))
}

/** Whether `storage_path` is but a file's default for the storage that the file names, and this one was named elsewhere. */
function isForeignPath(settings: Settings, storage: string): boolean {
  const path = settings.get('storage_path')?.origin
  const named = settings.get('storage')?.origin
  const isOfFile = named?.kind === 'file' || (named?.kind === 'environment' && named.file !== undefined)
  return heritageOf(storage).driver !== 'file' && !isOfFile && path?.kind === 'file' && path.fallback === true
}

/** What a storage needs and nothing says. `settings` are all that there are, with those of the driver below `section`. */
export function lackOf(settings: Settings, storage: string, section: string): readonly ConfigProblem[] {
  const { needed } = heritageOf(storage)
  if (!needed) return []
  const isSaid = needed.otherwise.some((option) => {
    const setting = settings.get(`${section}.${option}`)
    return setting !== undefined && isSet(setting)
  })
  const { option, allowed } = needed
  const origin = settings.get(option)?.origin
  return isSaid ? [] : [{ option, ...(origin && { origin }), found: `is missing, and storage ${storage} has none by itself`, allowed }]
}

function ownPrefix(settings: Settings, storage: string): Readonly<Record<string, string>> {
  const prefix = `${storage}_`
  const names = [...settings.keys()].filter((path) => path.startsWith(prefix) && !Object.hasOwn(ownOptions, path))
  return Object.fromEntries(names.map((name) => [name, name.slice(prefix.length)]))
}

/** Whether an option outside the driver's section speaks to the driver of a storage. */
export function speaksTo(storage: string, option: string): boolean {
  const { options = {}, refused = {} } = heritageOf(storage)
  return option === 'storage_path' || option.startsWith(`${storage}_`) || Object.hasOwn(options, option) || Object.hasOwn(refused, option)
}
