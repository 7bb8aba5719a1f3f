import { join } from 'node:path'
import type { DriverModule } from '@registry/core'
import { type ConfigProblem, isSet, type Origin, type Settings } from '@registry/core/config'
import { layered, renamed, textOf } from './layers.js'
import { sqliteFileOf } from './sqlalchemy-url.js'

/** Which index a configuration means. */
export interface IndexChoice {
  /** `undefined` where it names none, and none can be meant. */
  readonly name: string | undefined
  readonly origin: Origin | undefined
  /** What the options outside the index's section say to it, by paths below its name. */
  readonly settings: Settings
  readonly problems: readonly ConfigProblem[]
}

/** The older names of indexes. */
const backends: Readonly<Record<string, string>> = { sqlalchemy: 'sqlite', 'docker_registry_index.dynamodb': 'dynamodb' }

/** Options of the older DynamoDB index, after those that they fall back to. */
const dynamodb = [
  ['s3_region', 'dynamodb.region'],
  ['s3_access_key', 'dynamodb.access_key'],
  ['s3_secret_key', 'dynamodb.secret_access_key'],
  ['s3.region', 'dynamodb.region'],
  ['s3.access_key', 'dynamodb.access_key'],
  ['s3.secret_key', 'dynamodb.secret_access_key'],
  ...['database', 'repository_table', 'version_table', 'region', 'endpoint', 'access_key', 'secret_access_key'].map(
    (option) => [`extensions.dynamodb_index.${option}`, `dynamodb.${option}`] as const,
  ),
] as const

/** Finds out which index a configuration means: `index` names it, else `search_backend` does, else it is SQLite beside the data. */
export function chooseIndex(settings: Settings, storage: string, driver: DriverModule<never> | undefined): IndexChoice {
  const option = ['index', 'search_backend'].find((each) => textOf(settings, each) !== undefined)
  const origin = option === undefined ? undefined : settings.get(option)?.origin
  const text = option === undefined ? undefined : textOf(settings, option)
  const none = { settings: new Map(), problems: [] }
  if (option === undefined || text === undefined) {
    // What cannot be loaded may have a place for an index; that it cannot be loaded is told.
    if (driver === undefined) return { name: undefined, origin, ...none }
    if (driver.name === 'file') return { name: 'sqlite', origin, ...none, settings: besideData(settings, driver) }
    return { name: undefined, origin, ...none, problems: [noPlace(storage)] }
  }
  const name = option === 'index' ? text : (backends[text] ?? text)
  if (name === 'dynamodb') return { name, origin, ...none, settings: renamed(settings, dynamodb) }
  if (name !== 'sqlite') return { name, origin, ...none }
  if (driver === undefined) return { name: undefined, origin, ...none }
  const fromUrl = option === 'search_backend' ? sqlalchemy(settings) : none
  if (fromUrl.problems.length > 0) return { name: undefined, origin, ...fromUrl }
  return { name, origin, problems: [], settings: layered(besideData(settings, driver), fromUrl.settings) }
}

/** Where nothing says where an index is to be. */
function noPlace(storage: string): ConfigProblem {
  const servers = '`index: dynamodb` (REGISTRY_INDEX=dynamodb) for any number of servers'
  const one = '`index: sqlite` with `sqlite: {file: /path/to/index.sqlite}` (REGISTRY_SQLITE_FILE) for one'
  return { option: 'index', found: `storage ${storage} has no place for an index beside its data`, allowed: `name one: ${servers}, or ${one}` }
}

/** Whether an option outside the index's section speaks to it. */
export function speaksToIndex(index: string, option: string): boolean {
  return index === 'dynamodb' && dynamodb.some(([name]) => name === option)
}

/** In the folder of the data, if it is one. */
function besideData(settings: Settings, driver: DriverModule<never> | undefined): Settings {
  if (driver?.name !== 'file') return new Map()
  const root = textOf(settings, 'file.root') ?? String(driver.options['root']?.default ?? '.')
  const file = join(root, '@index.sqlite')
  return new Map([['sqlite.file', { text: file, value: file, origin: { kind: 'default' } }]])
}

function sqlalchemy(settings: Settings): Pick<IndexChoice, 'settings' | 'problems'> {
  const option = 'sqlalchemy_index_database'
  const setting = settings.get(option)
  if (!setting || !isSet(setting)) return { settings: new Map(), problems: [] }
  const found = sqliteFileOf(setting.text ?? '')
  if ('problem' in found) return { settings: new Map(), problems: [{ option, origin: setting.origin, found: found.problem }] }
  return { settings: new Map([['sqlite.file', { ...setting, text: found.file, value: found.file }]]), problems: [] }
}
