import type { OptionSchema, OptionsSchema } from '../options-schema.js'
import { nearest } from './nearest.js'
import { allowedValues, optionValue, type OptionValue } from './option-value.js'
import type { ConfigProblem } from './problem.js'
import { isSet, type Origin, type Setting, type Settings } from './setting.js'
import { withoutUserinfo } from './userinfo.js'

/** A value that its option allows. */
export interface CheckedValue {
  /** As the schema has it: a path is absolute, a choice spelled as there, and one text alone a list where a list is meant. */
  readonly value: OptionValue
  /** Of kind `default` where no setting gave it. */
  readonly origin: Origin
}

/** What became of the settings of a configuration. */
export interface CheckedSettings {
  /** The options that have a value, their own or their default. */
  readonly values: ReadonlyMap<string, CheckedValue>
  /** What makes the configuration unusable. */
  readonly problems: readonly ConfigProblem[]
  /** Settings that are no options: they change nothing. */
  readonly unknown: readonly ConfigProblem[]
}

/**
 * Holds settings against the options that there are, and finds all that is wrong with them.
 *
 * @param schema - options by their paths, as a configuration spells them
 */
export function checkSettings(settings: Settings, schema: OptionsSchema): CheckedSettings {
  const values = new Map<string, CheckedValue>()
  const problems: ConfigProblem[] = []
  for (const [option, optionSchema] of Object.entries(schema)) {
    const setting = settings.get(option)
    if (setting && isSetFor(setting, optionSchema)) {
      const value = optionValue(setting, optionSchema)
      if (value === undefined) problems.push(wrongValue(option, setting, optionSchema))
      else values.set(option, { value, origin: setting.origin })
    } else if (optionSchema.default !== undefined) values.set(option, { value: defaultOf(optionSchema), origin: { kind: 'default' } })
    else if (optionSchema.required === true) problems.push(missing(option, setting, optionSchema))
  }
  const others = [...settings].filter(([option, setting]) => !Object.hasOwn(schema, option) && isSet(setting))
  const unknown: ConfigProblem[] = []
  for (const [option, { origin }] of others) {
    const wrong = wrongShape(option, origin, schema)
    if (wrong) problems.push(wrong)
    else unknown.push({ option, origin, found: 'is no option', allowed: 'it is ignored', nearest: nearest(option, Object.keys(schema)) })
  }
  return { values, problems, unknown }
}

/** A variable may say `null`, which is a value only where the option is a text. */
function isSetFor(setting: Setting, { type }: OptionSchema): boolean {
  return isSet(setting) && (setting.value !== null || type === 'string' || type === 'path')
}

/** A path by default is one from the working directory too. */
function defaultOf(schema: OptionSchema): OptionValue {
  const value = schema.default!
  return typeof value === 'string' ? (optionValue({ text: value, value, origin: { kind: 'default' } }, schema) ?? value) : value
}

function wrongValue(option: string, setting: Setting, schema: OptionSchema): ConfigProblem {
  const found = schema.secret === true ? 'something else' : describeValue(setting, schema)
  return { option, origin: setting.origin, found: `found ${found}`, allowed: `allowed: ${allowedValues(schema)}` }
}

function missing(option: string, setting: Setting | undefined, schema: OptionSchema): ConfigProblem {
  const origin = setting?.origin
  const allowed = allowedValues(schema)
  if (origin?.kind !== 'environment') return { option, origin, found: 'is missing', allowed: `it has to be ${allowed}: ${schema.description}` }
  return { option, origin, found: `${option} is missing`, allowed: `set the variable ${origin.variable} to ${allowed}` }
}

/** A value in the place of a section, or a section in that of a value. */
function wrongShape(option: string, origin: Origin, schema: OptionsSchema): ConfigProblem | undefined {
  const below = Object.keys(schema).filter((name) => name.startsWith(`${option}.`)).map((name) => name.slice(option.length + 1))
  if (below.length > 0) return { option, origin, found: 'is a section, not a value', allowed: `it takes ${below.join(', ')}` }
  const above = Object.keys(schema).find((name) => option.startsWith(`${name}.`))
  if (above === undefined) return undefined
  return { option, origin, found: `${above} is one value, not a section`, allowed: `allowed: ${allowedValues(schema[above]!)}` }
}

/** A value in a message: short, whatever it is. */
function describeValue({ text, value, flaw }: Setting, { type }: OptionSchema): string {
  if (Array.isArray(value)) return type === 'list' ? 'a list with more than texts in it' : 'a list'
  if (value instanceof Map) return 'a section'
  const shown = JSON.stringify(withoutUserinfo(text ?? String(value)))
  const short = shown.length > 80 ? `${shown.slice(0, 79)}…"` : shown
  return flaw === undefined ? short : `${short}, which is no YAML (${flaw})`
}
