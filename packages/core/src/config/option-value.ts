import { resolve } from 'node:path'
import type { OptionSchema } from '../options-schema.js'
import type { Setting } from './setting.js'
import { textSetting } from './text-setting.js'

/** What an option may be. */
export type OptionValue = string | number | boolean | readonly string[]

/** The value of an option as its schema has it; `undefined` where the setting is nothing of the kind. */
export function optionValue(setting: Setting, schema: OptionSchema): OptionValue | undefined {
  switch (schema.type) {
    case 'string':
      return choiceOf(setting.text, schema)
    case 'path':
      return setting.text === undefined || setting.text.includes('\0') ? undefined : resolve(setting.text)
    case 'integer':
      return integerOf(typedValue(setting), schema)
    case 'boolean':
      return booleanOf(typedValue(setting))
    case 'list':
      return listOf(setting)
  }
}

/** A number in quotes is meant as a number where an option is one. */
function typedValue(setting: Setting): unknown {
  return typeof setting.value === 'string' ? textSetting(setting.value, setting.origin).value : setting.value
}

function choiceOf(text: string | undefined, { choices }: OptionSchema): string | undefined {
  return choices === undefined ? text : choices.find((choice) => choice.toLowerCase() === text?.toLowerCase())
}

function integerOf(value: unknown, { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: OptionSchema): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum && value <= maximum ? value : undefined
}

/** People also write 1 and 0, as `DEBUG=1`. */
function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  return value === 1 || value === 0 ? value === 1 : undefined
}

function listOf({ value, text, flaw }: Setting): readonly string[] | undefined {
  if (Array.isArray(value)) {
    const items = value as readonly unknown[]
    return items.every((item) => typeof item === 'string') ? items : undefined
  }
  // What is no YAML may be one text, such as `*`; with a bracket it was meant as a list.
  return text === undefined || (flaw !== undefined && /^\s*\[/.test(text)) ? undefined : [text]
}

/** What an option may be, for people. */
export function allowedValues({ type, choices, minimum, maximum }: OptionSchema): string {
  switch (type) {
    case 'string':
      return choices?.join(', ') ?? 'a text'
    case 'path':
      return 'a path'
    case 'integer':
      if (minimum !== undefined && maximum !== undefined) return `a whole number from ${minimum} to ${maximum}`
      if (minimum !== undefined) return `a whole number of at least ${minimum}`
      return maximum === undefined ? 'a whole number' : `a whole number of at most ${maximum}`
    case 'boolean':
      return 'true or false'
    case 'list':
      return 'a list of texts'
  }
}
