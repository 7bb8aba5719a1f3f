import { accept } from './accept.mjs'
import { writeCatalogRows } from './catalog-rows.mjs'
import { withConnections } from './many.mjs'
import { progressOf } from './progress.mjs'
import { pushBlob, pushManifest, pushTags, tagsAtOnce } from './push.mjs'
import { emptyIndex, indexType } from '../contents/image.mjs'

const [connectionsForTags, connectionsForRepositories] = [4, 64]
/** Of repositories, one request each: a million take most of an hour on a disk. */
const mostByRequests = 100_000
const tag = 'latest'

/**
 * Brings in a repository with an image under many tags, where they are not there yet.
 *
 * @param tagOf - the name of the nth tag
 * @param kind - of the server
 */
export async function bringInTags({ port, kind, repository, image, count, tagOf }) {
  await withConnections(port, connectionsForTags, async (connections) => {
    if (await isThere(connections[0], repository, tagOf(count - 1))) return
    await pushListed(connections[0], { repository, image, tags: [tagOf(0)], kind })
    const done = progressOf(`tags of ${repository}`, count)
    await eachOf(Math.ceil(count / tagsAtOnce), connections, async (connection, n) => {
      const first = n * tagsAtOnce
      const tags = Array.from({ length: Math.min(tagsAtOnce, count - first) }, (_, at) => tagOf(first + at))
      await pushTags(connection, { repository, manifest: image.manifest, tags, kind })
      done(tags.length)
    })
  })
}

/**
 * Brings in many repositories, where they are not there yet, with as few requests as each takes: ours takes an index of no
 * images, others know a repository by its blobs. Where they are very many and the server has its index in a file, as rows.
 *
 * @param repositoryOf - the name of the nth repository
 * @param indexFile - of SQLite, where the server has one
 */
export async function bringInRepositories({ port, kind, indexFile, image, count, repositoryOf }) {
  await withConnections(port, connectionsForRepositories, async (connections) => {
    if (await isThere(connections[0], repositoryOf(count - 1), kind === 'registry' ? emptyIndex.digest : tag)) return
    const done = progressOf('repositories', count)
    if (indexFile && count > mostByRequests) {
      await writeCatalogRows({ file: indexFile, count, repositoryOf, done })
      return
    }
    await eachOf(count, connections, async (connection, n) => {
      const repository = repositoryOf(n)
      if (kind === 'registry') await pushManifest(connection, { repository, reference: emptyIndex.digest, bytes: emptyIndex.bytes, mediaType: indexType })
      else await pushListed(connection, { repository, image, tags: [tag], kind })
      done(1)
    })
  })
}

/** Pushes an image under tags of a repository that is new. */
export async function pushListed(connection, { repository, image: { blobs, manifest }, tags, kind }) {
  for (const blob of blobs) await pushBlob(connection, { repository, blob, style: 'containerd' })
  await pushTags(connection, { repository, manifest, tags, kind })
}

async function isThere(connection, repository, reference) {
  const { status } = await connection.send(connection.head('HEAD', `/v2/${repository}/manifests/${reference}`, [accept]))
  return status === 200
}

async function eachOf(count, connections, step) {
  let next = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (next < count) await step(connection, next++)
    }),
  )
}
