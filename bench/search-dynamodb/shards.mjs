import { createHash, randomBytes } from 'node:crypto'

/** Entries of one commit. */
const commitEntries = 100
/** Commits under way at the same time. */
const commitsAtOnce = 8

/** The partition of a repository's row, as the engine chooses it. */
export function partitionOf(name, spread) {
  return partitions(spread)[Number.parseInt(createHash('sha256').update(name).digest('hex').slice(0, 8), 16) % spread]
}

/** Every partition of repositories. */
export function partitions(spread) {
  return Array.from({ length: spread }, (_, n) => `repositories/${n.toString(16).padStart(2, '0')}`)
}

/** Puts a row for each name, with the values that the engine gives one. */
export async function fill(index, names) {
  const { spread } = index.capabilities.limits
  const changes = names.map((name) => {
    const value = { version: 1, created: Date.now(), due: randomBytes(16).toString('hex') }
    return { op: 'put', key: { partition: partitionOf(name, spread), sort: name }, value, text: name }
  })
  let next = 0
  const work = async () => {
    while (next < changes.length) {
      const some = changes.slice(next, (next += commitEntries))
      await index.commit(some, { atomic: false, durable: false })
    }
  }
  await Promise.all(Array.from({ length: commitsAtOnce }, work))
}

/** Asks all partitions at the same time, each for the first page or for page after page. Gives the number of matches. */
export async function search(index, text, isWhole) {
  const found = await Promise.all(
    partitions(index.capabilities.limits.spread).map(async (partition) => {
      const sorts = []
      for (let page = { entries: [], more: true }; page.more; ) {
        page = await index.search({ partition, text }, { after: page.entries.at(-1)?.key.sort })
        sorts.push(...page.entries.map(({ key }) => key.sort))
        if (!isWhole) break
      }
      return sorts
    }),
  )
  return found.flat().sort().length
}
