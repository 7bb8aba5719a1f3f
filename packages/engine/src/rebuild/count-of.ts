/** How many items there are. */
export async function countOf(items: AsyncIterable<unknown>): Promise<number> {
  const iterator = items[Symbol.asyncIterator]()
  let count = 0
  while ((await iterator.next()).done !== true) count++
  return count
}
