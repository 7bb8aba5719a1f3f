import { randomBytes } from 'node:crypto'
import { sqliteIndex } from '@registry/index-sqlite'
import { partitionOf } from '../../search/shards.mjs'
import { emptyIndex, indexType } from '../contents/image.mjs'

/** In one commit. */
const repositoriesAtOnce = 1_000

/**
 * Puts the rows that a push of an index of no images leaves in each of many repositories that are not there yet, beside a server that has the file
 * open and does nothing. What a push writes to storage, which only making the index anew reads, is left out.
 *
 * @param done - called with how many are in
 */
export async function writeCatalogRows({ file, count, repositoryOf, done }) {
  const index = await sqliteIndex({ file })
  const { spread } = index.capabilities.limits
  for (let first = 0; first < count; first += repositoriesAtOnce) {
    const names = Array.from({ length: Math.min(repositoriesAtOnce, count - first) }, (_, n) => repositoryOf(first + n))
    const there = await index.get(names.map((name) => ({ partition: partitionOf(name, spread), sort: name })))
    await index.commit(names.filter((_, n) => there[n] === undefined).flatMap((name) => rowsOf(name, spread)), { durable: false })
    done(names.length)
  }
  await index.close()
}

function rowsOf(name, spread) {
  const [version, time, due] = [1, Date.now(), randomId()]
  const { bytes, digest } = emptyIndex
  const manifest = { version, generation: randomId(), mediaType: indexType, size: bytes.length, time, due, text: String(bytes) }
  return [
    { op: 'put', key: { partition: partitionOf(name, spread), sort: name }, value: { version, created: time, due, derived: null }, text: name },
    { op: 'put', key: { partition: `manifests/${name}`, sort: digest }, value: manifest },
  ]
}

function randomId() {
  return randomBytes(16).toString('hex')
}
