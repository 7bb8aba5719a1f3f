import { type CheckedValue, describeOrigin, type Origin } from '@registry/core/config'
import { harmless, type LaterFeature, laterFeatures } from './later-options.js'

/** What a configuration asks for that is not active yet, a line for each feature. */
export function laterWarnings(values: ReadonlyMap<string, CheckedValue>): readonly string[] {
  return laterFeatures.flatMap((feature) => {
    const asked = [...values].find(([option, { value, origin }]) => belongs(option, feature) && isSaid(origin) && value !== harmless[option])
    return asked ? [`${describeOrigin(asked[1].origin)}: ${feature.name}: not active yet; ${feature.meanwhile}`] : []
  })
}

function belongs(option: string, { options }: LaterFeature): boolean {
  return options.some((each) => (each.endsWith('.') ? option.startsWith(each) : option === each))
}

/** A default, also that of a value `_env:` in a file, is nobody's wish. */
function isSaid(origin: Origin): boolean {
  return origin.kind !== 'default' && !(origin.kind === 'file' && origin.fallback === true)
}
