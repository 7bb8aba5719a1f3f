import { type Environment, isSet, type Setting, type Settings } from '@registry/core/config'
import { layered } from './layers.js'

const backend = 'search_backend'

/**
 * What an empty `search_backend` says to `search`: it switches search off, as in the classic registry. One that nobody
 * set says nothing, since search needs no backend of its own here.
 *
 * @param layers - the sources of settings
 */
export function searchSwitch(layers: readonly Settings[], environment: Environment): Settings {
  const counts = layered(...layers).get(backend)
  if (counts && isSet(counts)) return new Map()
  const empty = layers.map((layer) => layer.get(backend)).findLast((setting) => setting !== undefined && isSaid(setting, environment))
  return new Map(empty ? [['search', { text: 'false', value: false, origin: empty.origin }]] : [])
}

/** What a file asks for by `_env:` and nobody set is an empty setting too. */
function isSaid({ origin }: Setting, environment: Environment): boolean {
  if (origin.kind === 'environment') return Object.hasOwn(environment, origin.variable) && environment[origin.variable] !== undefined
  return !(origin.kind === 'file' && origin.fallback === true)
}
