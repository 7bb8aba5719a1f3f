import { createHash } from 'node:crypto'

/**
 * What stands for a partition in keys: the SHA-256 of its UTF-8. A partition and a sort key of the largest sizes together
 * do not fit into an entry of a PostgreSQL index, a third of a page.
 */
export function placeOf(partition: string): Buffer {
  return createHash('sha256').update(partition).digest()
}
