import { type Environment, nearest, type Setting, type Settings, textSetting } from '@registry/core/config'
import { variableOf } from './option-names.js'

/** Variables of the older registry that stand for options of ours. */
export const heritageVariableNames: Readonly<Record<string, string>> = { GUNICORN_WORKERS: 'workers', GUNICORN_GRACEFUL_TIMEOUT: 'graceful_timeout' }

/** What the environment says by the variables of the options, whatever a file says. */
export function environmentSettings(environment: Environment, options: Iterable<string>): Settings {
  return settingsOf(environment, [...options].map((option) => [variableOf(option), option]))
}

/** What it says by variables of the older registry. */
export function heritageVariables(environment: Environment): Settings {
  return settingsOf(environment, Object.entries(heritageVariableNames))
}

function settingsOf(environment: Environment, variables: readonly (readonly [variable: string, option: string])[]): Settings {
  const settings = new Map<string, Setting>()
  for (const [variable, option] of variables) {
    const text = environment[variable]
    if (text !== undefined && !isServiceLink(variable, text)) settings.set(option, textSetting(text, { kind: 'environment', variable }))
  }
  return settings
}

/** Variables that look as if they were meant for the registry, and that it does not use. */
export function unusedVariables(environment: Environment, options: readonly string[]): readonly string[] {
  const known = options.map(variableOf)
  const linked = Object.entries(environment).some(([name, text]) => name === 'REGISTRY_SERVICE_HOST' || isServiceLink(name, text ?? ''))
  const warnings: string[] = linked ? ['variables that Kubernetes sets for a Service called registry are ignored, such as REGISTRY_PORT with a URL; `enableServiceLinks: false` keeps them out'] : []
  const older: string[] = []
  for (const [variable, text] of Object.entries(environment)) {
    if (text === undefined || text === '') continue
    if (/^(?:GUNICORN|NEW_RELIC)_/.test(variable) && !Object.hasOwn(heritageVariableNames, variable)) older.push(variable)
    else if (variable.startsWith('REGISTRY_') && !known.includes(variable) && !(linked && /^REGISTRY_(?:.+_)?(?:SERVICE_(?:HOST|PORT)|PORT)(?:_|$)/.test(variable))) {
      const near = nearest(variable, known)
      warnings.push(`${variable}: is no option, it is ignored${near === undefined ? '' : `; did you mean ${near}?`}`)
    }
  }
  if (older.length > 0) warnings.push(`not used: ${older.sort().join(', ')}: there is neither gunicorn nor New Relic in this registry`)
  return warnings
}

/** Kubernetes tells a container of Services called `registry` or `registry-cache` by these very names. */
function isServiceLink(variable: string, text: string): boolean {
  return /^REGISTRY_(?:.+_)?PORT$/.test(variable) && /^(?:tcp|udp|sctp):\/\//.test(text)
}
