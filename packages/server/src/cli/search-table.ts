import { type FoundRepository, visibleText } from '@registry/engine'
import { fitting } from './fitting.js'

const gap = '   '
/** Descriptions are never cut to less, however long names are. */
const leastDescription = 20

/** The lines of a table for people. */
export function searchTable(repositories: readonly FoundRepository[], { columns = Infinity }: { readonly columns?: number | undefined }): readonly string[] {
  const rows = repositories.map(({ name, description = '' }) => [visibleText(name), visibleText(description)] as const)
  const width = rows.reduce((widest, [name]) => Math.max(widest, name.length), 'NAME'.length)
  const room = Math.max(columns - width - gap.length, leastDescription)
  return [['NAME', 'DESCRIPTION'] as const, ...rows].map(([name, description]) => `${name.padEnd(width)}${gap}${fitting(description, room)}`.trimEnd())
}
