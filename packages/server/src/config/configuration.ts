import type { OptionsSchema } from '@registry/core'
import type { CheckedValue } from '@registry/core/config'
import type { LoadedModules, ModuleOptions } from '../modules/load-module.js'
import type { ownOptions } from './own-options.js'
import type { OptionValues } from './option-values.js'

/** A configuration that is complete and checked. */
export interface Configuration {
  /** The file that it is from; `undefined` where that is the sample. */
  readonly file: string | undefined
  readonly flavor: string
  /** The options of the server. */
  readonly own: OptionValues<typeof ownOptions>
  readonly storage: { readonly module: LoadedModules['driver']; readonly options: ModuleOptions }
  readonly index: { readonly module: LoadedModules['index']; readonly options: ModuleOptions }
  /** In the order in which they are registered. */
  readonly hooks: readonly { readonly module: LoadedModules['hooks']; readonly options: ModuleOptions }[]
  /** Everything that has a value, by its path, with where it came from. */
  readonly values: ReadonlyMap<string, CheckedValue>
  /** All options that there are with these modules. */
  readonly schema: OptionsSchema
  /** What its owner should know, a line each. */
  readonly warnings: readonly string[]
}
