import type { OptionsSchema } from '@registry/core'
import { type CheckedSettings, type CheckedValue, type ConfigProblem, describeOrigin, describeProblem, type Environment } from '@registry/core/config'
import { unreadBotoFiles } from './boto-files.js'
import { unusedVariables } from './environment.js'
import { heritageOf, isOfSomeStorage } from './heritage-storages.js'
import { speaksToIndex } from './index-choice.js'
import { laterWarnings } from './later-warnings.js'
import { temporaryFolders } from './temporary-folders.js'
import { isRefused } from './refused-options.js'
import { speaksTo } from './storage-choice.js'

interface Checked {
  readonly checked: CheckedSettings
  readonly schema: OptionsSchema
  readonly environment: Environment
  /** What `storage` says. */
  readonly storage: string
  /** Name of the index. */
  readonly index: string
}

/** What the owner of a configuration should know of it, a line each. */
export function warningsOf(checked: Checked): readonly string[] {
  const { checked: { values }, schema, environment, storage, index } = checked
  const ofOthers = unused(checked).filter(({ option }) => isOfOthers(option)).map(({ option }) => option)
  return [
    ...strayOptions(checked).map(describeProblem),
    ...(ofOthers.length > 0 ? [`not used with storage ${storage} and index ${index}: ${ofOthers.join(', ')}`] : []),
    ...laterWarnings(values),
    ...outvoted(values),
    ...nginxWithoutFiles(values, storage),
    ...unreadBotoFiles(values, storage, environment),
    ...temporaryFolders(values, schema),
    ...unusedVariables(environment, Object.keys(schema)),
  ]
}

/** What is no option of anything. */
export function strayOptions(checked: Pick<Checked, 'checked' | 'storage' | 'index'>): readonly ConfigProblem[] {
  return unused(checked).filter(({ option }) => !isOfOthers(option)).map(withAdvice)
}

function unused({ checked: { unknown }, storage, index }: Pick<Checked, 'checked' | 'storage' | 'index'>): readonly ConfigProblem[] {
  return unknown.filter(({ option }) => !isRefused(option) && !speaksTo(storage, option) && !speaksToIndex(index, option))
}

/** Whether it is an option of another storage or index than the one that is used. */
function isOfOthers(option: string): boolean {
  return isOfSomeStorage(option) || option.startsWith('extensions.dynamodb_index.')
}

/** Extensions of the classic registry had their options there, and were in use as soon as they were installed. */
function withAdvice(problem: ConfigProblem): ConfigProblem {
  if (!problem.option.startsWith('extensions.')) return problem
  return { ...problem, nearest: undefined, allowed: 'it is ignored; `hooks` names modules of today, whose options are in sections of their own' }
}

/** Options that name an index in vain, since another one counts more. */
function outvoted(values: ReadonlyMap<string, CheckedValue>): readonly string[] {
  const [index, backend, database] = ['index', 'search_backend', 'sqlalchemy_index_database'].map((option) => values.get(option))
  const lines = index && backend ? [`${describeOrigin(backend.origin)}: the index is the one that \`index\` names`] : []
  if (!database || (database.origin.kind === 'file' && database.origin.fallback === true)) return lines
  return !index && backend?.value === 'sqlalchemy' ? lines : [...lines, `${describeOrigin(database.origin)}: is used with \`search_backend: sqlalchemy\` alone`]
}

/** nginx has files alone. */
function nginxWithoutFiles(values: ReadonlyMap<string, CheckedValue>, storage: string): readonly string[] {
  const prefix = values.get('nginx_x_accel_redirect')
  if (!prefix || heritageOf(storage).driver === 'file') return []
  return [`${describeOrigin(prefix.origin)}: is for storage file alone; with storage ${storage} nginx is told nothing`]
}
