import type { RebuildReport } from '@registry/engine'

/** Such as `left out 1 push that was never answered: tag a:v1`; nothing where there was none. */
export function unansweredLine({ unanswered: { count, tags } }: RebuildReport): string | undefined {
  if (count === 0) return undefined
  const more = count > tags.length ? ` and ${count - tags.length} more` : ''
  const [pushes, named] = count === 1 ? ['1 push that was', 'tag'] : [`${count} pushes that were`, 'tags']
  return `left out ${pushes} never answered: ${named} ${tags.join(', ')}${more}`
}
