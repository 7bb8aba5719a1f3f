import type { OptionsSchema } from '@registry/core'
import type { CheckedValue } from '@registry/core/config'
import type { ModuleOptions } from '../modules/load-module.js'
import { spelled } from './option-names.js'

/**
 * The options of a module as it takes them itself.
 *
 * @param above - what stands before the name of each option in `values`, such as `s3.`
 */
export function optionsOf({ options }: { readonly options: OptionsSchema }, values: ReadonlyMap<string, CheckedValue>, above = ''): ModuleOptions {
  const entries = Object.keys(options).map((option) => [option, values.get(`${above}${spelled(option)}`)?.value] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
