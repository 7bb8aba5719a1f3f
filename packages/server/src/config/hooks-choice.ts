import { isSet, type Origin, optionValue, type Settings } from '@registry/core/config'
import { ownOptions } from './own-options.js'

/** Which modules of hooks a configuration means. */
export interface HooksChoice {
  readonly names: readonly string[]
  readonly origin: Origin | undefined
}

/** Finds out which modules of hooks a configuration means: none where what it says is no list of them. */
export function chooseHooks(settings: Settings): HooksChoice {
  const setting = settings.get('hooks')
  const said = setting && isSet(setting) ? (optionValue(setting, ownOptions.hooks) ?? []) : []
  return { names: [said].flat().map(String), origin: setting?.origin }
}
