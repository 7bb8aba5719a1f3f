/** One option of a driver or index: what a configuration may say of it. */
export interface OptionSchema {
  /** A `path` is a text that leads to a file or folder; a relative one is seen from the working directory, and handed on as an absolute one. */
  readonly type: 'string' | 'path' | 'integer' | 'boolean' | 'list'
  /** One sentence for the reference. */
  readonly description: string
  /** `true`: without a value the configuration is refused with `CONFIG`. Says nothing beside a `default`. Default `false`. */
  readonly required?: boolean
  /** What counts where a configuration says nothing. It has to be allowed itself; for a `list` it is the one text of it. */
  readonly default?: string | number | boolean
  /** The only texts that are allowed. */
  readonly choices?: readonly string[]
  /** Of an integer. */
  readonly minimum?: number
  /** Of an integer. */
  readonly maximum?: number
  /** Never shown, never logged. */
  readonly secret?: boolean
}

/** The options of a driver or index, by name. A configuration spells `busyTimeout` as `busy_timeout`. */
export type OptionsSchema = Readonly<Record<string, OptionSchema>>
