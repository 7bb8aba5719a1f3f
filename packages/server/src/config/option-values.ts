import type { OptionSchema, OptionsSchema } from '@registry/core'
import type { CheckedValue } from '@registry/core/config'

interface ValueTypes {
  readonly string: string
  readonly path: string
  readonly integer: number
  readonly boolean: boolean
  readonly list: readonly string[]
}

type ValueOf<Schema extends OptionSchema> = Schema extends { readonly choices: readonly (infer Choice)[] } ? Choice : ValueTypes[Schema['type']]

type Always<Schema extends OptionSchema, Value> = Schema extends { readonly default: unknown } | { readonly required: true } ? Value : Value | undefined

/** The values of options, with the types that their schemas give them. */
export type OptionValues<Schema extends OptionsSchema> = { readonly [Name in keyof Schema]: Always<Schema[Name], ValueOf<Schema[Name]>> }

/** Checked values, by the names of their options. */
export function valuesOf<Schema extends OptionsSchema>(schema: Schema, checked: ReadonlyMap<string, CheckedValue>): OptionValues<Schema> {
  return Object.fromEntries(Object.keys(schema).map((name) => [name, checked.get(name)?.value])) as OptionValues<Schema>
}
