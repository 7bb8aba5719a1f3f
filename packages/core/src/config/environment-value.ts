import type { Setting } from './setting.js'
import { textSetting } from './text-setting.js'

/** The variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * What `_env:NAME` or `_env:NAME:DEFAULT` stands for; `undefined` where the text is neither.
 * The variable counts, else the default; one that is set but empty leaves the option unset.
 */
export function environmentValue(
  text: string,
  environment: Environment,
  place: { readonly file: string; readonly path: string },
): Setting | undefined {
  const [, variable, fallback] = /^_env:([^:]+)(?::(.*))?$/s.exec(text) ?? []
  if (variable === undefined) return undefined
  const set = Object.hasOwn(environment, variable) ? environment[variable] : undefined
  if (set !== undefined || fallback === undefined) return textSetting(set ?? '', { kind: 'environment', variable, ...place })
  return textSetting(fallback, { kind: 'file', ...place, fallback: true })
}
