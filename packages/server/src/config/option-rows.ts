import type { OptionSchema, OptionsSchema } from '@registry/core'
import { type Environment, type OptionValue, readConfig, type Settings } from '@registry/core/config'
import type { FoundFile } from './config-file.js'
import { heritageVariableNames } from './environment.js'
import { layered, textOf } from './layers.js'
import { variableOf } from './option-names.js'
import { chooseStorage, storageSettings } from './storage-choice.js'

/** An option as the reference has it. */
export interface OptionRow {
  readonly option: string
  readonly type: string
  readonly default: OptionValue | undefined
  readonly required: boolean
  /** The variables that set it: whatever the file says, and by way of the sample. */
  readonly variables: readonly string[]
  readonly meaning: string
}

/** The options of a schema with the variables that set them. */
export function optionRows(schema: OptionsSchema, sample: FoundFile): readonly OptionRow[] {
  const asked = variablesOf(sample)
  return Object.entries(schema).map(([option, { type, default: value, required = false, description, choices }]: [string, OptionSchema]) => ({
    option,
    type: choices === undefined ? type : choices.join(', '),
    default: value,
    required,
    variables: [variableOf(option), ...olderNames(option), ...(asked.get(option) ?? [])],
    meaning: description,
  }))
}

function olderNames(option: string): readonly string[] {
  return Object.entries(heritageVariableNames).filter(([, name]) => name === option).map(([variable]) => variable)
}

/** Which variables the sample asks for, by the paths of the options that they set. */
function variablesOf(sample: FoundFile): ReadonlyMap<string, ReadonlySet<string>> {
  const variables = new Map<string, Set<string>>()
  const environment = environmentOf(sample)
  for (const flavor of flavorsOf(sample)) {
    for (const [option, { origin }] of withSection(readConfig(sample, { flavor, environment }))) {
      if (origin.kind !== 'environment') continue
      const known = variables.get(option) ?? new Set()
      variables.set(option, known.add(origin.variable))
    }
  }
  return variables
}

/** Its own name and its driver's name may differ, and a section has the latter. */
function withSection(settings: Settings): Settings {
  const { storage, name } = chooseStorage(settings)
  return textOf(settings, 'storage') === undefined ? settings : layered(storageSettings(settings, storage, name), settings)
}

function flavorsOf({ text }: FoundFile): readonly string[] {
  return [...text.matchAll(/^([a-z0-9-]+):/gm)].map(([, name]) => name!).filter((name) => name !== 'common')
}

/** With each variable set that the sample asks for. */
function environmentOf({ text }: FoundFile): Environment {
  return Object.fromEntries([...text.matchAll(/_env:(\w+)/g)].map(([, name]) => [name!, 'set']))
}
