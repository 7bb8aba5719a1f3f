import { tmpdir } from 'node:os'
import { isAbsolute, relative } from 'node:path'
import type { OptionsSchema } from '@registry/core'
import { type CheckedSettings, type CheckedValue, type ConfigProblem, describeOrigin, describeProblem, type Environment } from '@registry/core/config'
import { unusedVariables } from './environment.js'
import { isOfSomeStorage } from './heritage-storages.js'
import { speaksToIndex } from './index-choice.js'
import { laterFeatures } from './later-options.js'
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
    ...later(values),
    ...temporary(values, schema),
    ...unusedVariables(environment, Object.keys(schema)),
  ]
}

/** What is no option of anything. */
export function strayOptions(checked: Pick<Checked, 'checked' | 'storage' | 'index'>): readonly ConfigProblem[] {
  return unused(checked).filter(({ option }) => !isOfOthers(option))
}

function unused({ checked: { unknown }, storage, index }: Pick<Checked, 'checked' | 'storage' | 'index'>): readonly ConfigProblem[] {
  return unknown.filter(({ option }) => !isRefused(option) && !speaksTo(storage, option) && !speaksToIndex(index, option))
}

/** Whether it is an option of another storage or index than the one that is used. */
function isOfOthers(option: string): boolean {
  return isOfSomeStorage(option) || option.startsWith('extensions.dynamodb_index.')
}

function later(values: ReadonlyMap<string, CheckedValue>): readonly string[] {
  return laterFeatures.flatMap(({ name, asked, value, meanwhile }) => {
    const found = values.get(asked)
    const isAsked = found !== undefined && found.origin.kind !== 'default' && (value === undefined || found.value === value)
    return isAsked ? [`${describeOrigin(found.origin)}: ${name}: not active yet; ${meanwhile}`] : []
  })
}

/** A folder for temporary files is emptied when the machine starts, or sooner. */
function temporary(values: ReadonlyMap<string, CheckedValue>, schema: OptionsSchema): readonly string[] {
  return [...values].flatMap(([path, { value, origin }]) => {
    if (schema[path]?.type !== 'path' || origin.kind === 'default' || !isBelow(String(value), tmpdir())) return []
    return [`${describeOrigin(origin)}: ${String(value)} is in the folder for temporary files, which the system empties; choose another for what is to last`]
  })
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way.split('/')[0] !== '..' && !isAbsolute(way))
}
