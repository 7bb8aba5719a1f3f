import { RegistryError } from '../errors.js'
import { describeOrigin, type Origin } from './setting.js'

/** Something that is wrong with a configuration. */
export interface ConfigProblem {
  /** The path of the option, such as `cache.port`. */
  readonly option: string
  /** Where the value came from; `undefined` where there is none. */
  readonly origin?: Origin | undefined
  /** What was found; not the value of a secret. */
  readonly found: string
  /** What would be allowed, or what to do, where that is not said yet. */
  readonly allowed?: string | undefined
  /** The known option that may be meant. */
  readonly nearest?: string | undefined
}

/** A problem in one line. */
export function describeProblem({ option, origin, found, allowed, nearest }: ConfigProblem): string {
  const place = origin === undefined ? option : describeOrigin(origin)
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
  return oneLine(`${place}: ${found}${allowed === undefined ? '' : `, ${allowed}`}${hint}`)
}

/** The same without control characters, which names of options and flavors may have. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

/** The error that tells all problems at once, a line each, with the problems in its `detail`. */
export function configError(problems: readonly ConfigProblem[]): RegistryError {
  return new RegistryError('CONFIG', [...new Set(problems.map(describeProblem))].join('\n'), { detail: { problems } })
}
