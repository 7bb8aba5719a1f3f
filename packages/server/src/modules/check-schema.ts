import { type OptionSchema, RegistryError } from '@registry/core'
import { allowedValues } from '@registry/core/config'
import { spelled } from '../config/option-names.js'

type Fields = Readonly<Record<string, unknown>>

/**
 * Holds what a module says of its options against the form that it should have.
 *
 * @throws `CONFIG` with the first option that is not as it should be
 */
export function checkSchema(options: unknown, name: string): void {
  const refuse = (reason: string): never => {
    throw new RegistryError('CONFIG', `${name}: ${reason}`)
  }
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    const example = "{ root: { type: 'path', description: 'Folder of the objects.' } }"
    refuse(`its \`options\` is no plain object; it has each option by its name, such as ${example}`)
  }
  const names = new Map<string, string>()
  for (const [option, schema] of Object.entries(options as Fields)) {
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(option)) refuse(`its option ${JSON.stringify(option)} cannot be written in a configuration; ${naming}`)
    const path = spelled(option)
    const other = names.get(path)
    if (other !== undefined) refuse(`its options ${other} and ${option} are both written ${path} in a configuration; call one of them otherwise`)
    names.set(path, option)
    const flaw = flawOf(schema)
    if (flaw !== undefined) refuse(`its option ${option} ${flaw}`)
  }
}

const naming = 'the name of an option begins with a-z and has letters, digits and _'

const isText = (value: unknown): boolean => typeof value === 'string'
const isFlag = (value: unknown): boolean => typeof value === 'boolean'
const fits: Readonly<Record<OptionSchema['type'], (value: unknown, schema: OptionSchema) => boolean>> = {
  string: (value, { choices }) => isText(value) && (choices === undefined || choices.includes(String(value))),
  path: (value) => isText(value) && !String(value).includes('\0'),
  integer: (value, { minimum = -Infinity, maximum = Infinity }) =>
    Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
  boolean: isFlag,
  list: isText,
}

/** What the other fields of an option are, where they are there. */
const fields: Readonly<Record<string, readonly [is: (value: unknown) => boolean, kind: string]>> = {
  required: [isFlag, 'true or false'],
  secret: [isFlag, 'true or false'],
  minimum: [Number.isSafeInteger, 'a whole number'],
  maximum: [Number.isSafeInteger, 'a whole number'],
  choices: [(value) => Array.isArray(value) && value.length > 0 && value.every(isText), 'a list of texts'],
}

/** What is wrong with an option, if anything. */
function flawOf(schema: unknown): string | undefined {
  if (typeof schema !== 'object' || schema === null) return 'is no object; an option is { type, description }'
  const option = schema as Fields
  const types = Object.keys(fits)
  const { type } = option
  if (typeof type !== 'string' || !types.includes(type)) {
    return `has ${type === undefined ? 'no type' : `the type ${JSON.stringify(type)}`}; allowed: ${types.join(', ')}`
  }
  if (!isText(option['description']) || option['description'] === '') return 'has no description; say in one sentence what it is for'
  const wrong = Object.entries(fields).find(([field, [is]]) => option[field] !== undefined && !is(option[field]))
  if (wrong) return `has a \`${wrong[0]}\` that is not ${wrong[1][1]}`
  const known = schema as OptionSchema
  if (known.default === undefined || fits[known.type](known.default, known)) return undefined
  return `has a default that it does not allow; allowed: ${allowedValues(known)}`
}
