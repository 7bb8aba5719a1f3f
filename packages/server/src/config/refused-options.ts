import { type ConfigProblem, isSet, type Settings } from '@registry/core/config'

/** Options of older configurations that never act here, and what to use instead. */
const refused: Readonly<Record<string, string>> = {
  bugsnag: 'remove it: unexpected errors are lines of the log on stderr with "level":50, which a log collector can send on',
  registry_endpoints: 'remove it: it was for clients before Docker 1.6; `public_url` tells clients of today an address',
}

/** Whether an option never acts here. */
export function isRefused(option: string): boolean {
  return Object.hasOwn(refused, option.split('.')[0]!)
}

/** The options of a configuration that are refused. */
export function refusals(settings: Settings): readonly ConfigProblem[] {
  return [...settings].flatMap(([path, setting]) => {
    const option = path.split('.')[0]!
    return isRefused(path) && isSet(setting) ? [{ option, origin: setting.origin, found: `${option} is not supported`, allowed: refused[option] }] : []
  })
}
