import { TypedScalar } from './yaml-schema.js'

/**
 * A value of YAML without what was kept of its text. Items of lists are texts, as they are written: `no` is a name there.
 * What is nested in a list is null: no option takes it, and aliases let it unfold without end.
 */
export function plainValue(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(itemText)
  return node instanceof TypedScalar ? node.value : node
}

function itemText(item: unknown): string | null {
  if (item instanceof TypedScalar) return item.value === null ? null : item.text
  return typeof item === 'string' ? item : null
}
