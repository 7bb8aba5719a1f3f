import { createHash, randomBytes } from 'node:crypto'

/** Entries of one commit. */
const commitEntries = 100
/** Commits under way at the same time. */
const commitsAtOnce = 8

/** The partition of a repository's row, as the engine chooses it. */
export function partitionOf(name, spread) {
  const shard = Number.parseInt(createHash('sha256').update(name).digest('hex').slice(0, 8), 16) % spread
  return `repositories/${shard.toString(16).padStart(2, '0')}`
}

/** Puts a row for each repository, with the values and the text that the engine gives one whose newest tag describes it. */
export async function fill(index, repositories, { searchable = true } = {}) {
  const { spread } = index.capabilities.limits
  const changes = repositories.map(({ name, description }) => {
    const value = { version: 1, created: Date.now(), derived: { text: description, tag: 'latest' }, due: randomBytes(16).toString('hex') }
    const text = searchable ? `${name}\n${description}` : undefined
    return { op: 'put', key: { partition: partitionOf(name, spread), sort: name }, value, text }
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
