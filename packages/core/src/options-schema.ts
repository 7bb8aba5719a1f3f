/** One option of a driver or index, as the configuration file spells it. */
export interface OptionSchema {
  readonly type: 'string' | 'integer' | 'boolean'
  /** One sentence for the reference. */
  readonly description: string
  readonly required?: boolean
  readonly default?: string | number | boolean
  /** Never shown, never logged. */
  readonly secret?: boolean
}

/** The options of a driver or index, by name. */
export type OptionsSchema = Readonly<Record<string, OptionSchema>>
