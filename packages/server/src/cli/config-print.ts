import { type CheckedValue, describeOrigin, type OptionValue, withoutUserinfo } from '@registry/core/config'
import type { Configuration } from '../config/configuration.js'

const mask = '********'

/** The effective configuration as YAML, with where each value came from. */
export function* yamlLines({ values, schema, file, flavor }: Configuration): Generator<string, void> {
  yield `# ${file ?? 'the sample configuration'}, ${flavor === '' ? 'without flavors' : `flavor ${flavor}`}`
  let section = ''
  for (const [path, checked] of sorted(values)) {
    const [name, ...below] = path.split('.').reverse() as [string, ...string[]]
    const above = below.reverse().join('.')
    if (above !== section && above !== '') yield `${above}:`
    section = above
    const line = `${above === '' ? '' : '  '}${name}: ${JSON.stringify(shown(path, checked.value, schema))}`
    yield `${line.padEnd(47)} # ${describeOrigin(checked.origin)}`
  }
}

/** The effective configuration as an object on each line. */
export function* jsonLines({ values, schema }: Configuration): Generator<string, void> {
  for (const [option, { value, origin }] of sorted(values)) yield JSON.stringify({ option, value: shown(option, value, schema), origin })
}

function shown(path: string, value: OptionValue, schema: Configuration['schema']): OptionValue {
  if (schema[path]?.secret === true) return mask
  return typeof value === 'string' ? withoutUserinfo(value) : value
}

/** What is in no section first. */
function sorted(values: ReadonlyMap<string, CheckedValue>): readonly (readonly [string, CheckedValue])[] {
  const depth = (path: string): number => (path.includes('.') ? 1 : 0)
  return [...values].sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
}
