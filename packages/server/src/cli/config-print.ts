import { type CheckedValue, describeOrigin } from '@registry/core/config'
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
    const line = `${above === '' ? '' : '  '}${name}: ${shown(path, checked, schema)}`
    yield `${line.padEnd(47)} # ${describeOrigin(checked.origin)}`
  }
}

/** The effective configuration as an object on each line. */
export function* jsonLines({ values, schema }: Configuration): Generator<string, void> {
  for (const [option, { value, origin }] of sorted(values)) yield JSON.stringify({ option, value: schema[option]?.secret === true ? mask : value, origin })
}

function shown(path: string, { value }: CheckedValue, schema: Configuration['schema']): string {
  return JSON.stringify(schema[path]?.secret === true ? mask : value)
}

/** What is in no section first. */
function sorted(values: ReadonlyMap<string, CheckedValue>): readonly (readonly [string, CheckedValue])[] {
  const depth = (path: string): number => (path.includes('.') ? 1 : 0)
  return [...values].sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1))
}
