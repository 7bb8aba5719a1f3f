import { bringInRepositories, bringInTags, pushListed } from '../client/bring-in.mjs'
import { Connection, expectStatus } from '../client/connection.mjs'
import { repeat, withConnections } from '../client/many.mjs'
import { pushManifest } from '../client/push.mjs'
import { makeImage, manifestType } from '../contents/image.mjs'

const [pageSize, workers] = [100, 4]
const image = makeImage('listed', [1024])

/** Others than ours take each entry in a request of its own, or in more. */
const sizes = [
  { entries: 1_000, called: '1k', kinds: ['registry', 'peer'] },
  { entries: 100_000, called: '100k', kinds: ['registry'] },
  { entries: 1_000_000, called: '1M', kinds: ['registry'] },
]

/** Pages in the middle of a list of tags: how long the list is should make no difference. */
export const tagLists = sizes.map(({ called, ...size }) =>
  listLoad(`tags-${called}`, `a page of ${pageSize} of ${size.entries.toLocaleString('en')} tags`, {
    ...size,
    path: (n) => `/v2/${repositoryOfTags(size.entries)}/tags/list?n=${pageSize}&last=${tagOf(middle(n, size.entries))}`,
    prepare: (server) => prepareTags(server, size.entries),
  }),
)

/** Pages in the middle of the catalog. */
export const catalogs = sizes.map(({ called, ...size }) =>
  listLoad(`catalog-${called}`, `a page of ${pageSize} of ${size.entries.toLocaleString('en')} repositories`, {
    ...size,
    path: (n) => `/v2/_catalog?n=${pageSize}&last=${repositoryOf(middle(n, size.entries))}`,
    prepare: (server) => bringInRepositories({ ...server, image, count: size.entries, repositoryOf }),
  }),
)

/** The manifests that belong to one, such as its signatures. */
export const referrers = listLoad('referrers-100', 'the list of 100 referrers of a manifest', {
  kinds: ['registry'],
  path: () => `/v2/bench/referred/referrers/${image.manifest.digest}`,
  async prepare({ port, kind }) {
    const connection = await Connection.open(port)
    await pushListed(connection, { repository: 'bench/referred', image, tags: ['latest'], kind })
    for (let n = 0; n < 100; n++) {
      const manifest = JSON.parse(image.manifest.bytes)
      const subject = { mediaType: manifestType, digest: image.manifest.digest, size: image.manifest.bytes.length }
      const bytes = Buffer.from(JSON.stringify({ ...manifest, artifactType: 'application/vnd.example.signature', annotations: { n: String(n) }, subject }))
      await pushManifest(connection, { repository: 'bench/referred', reference: `signature-${n}`, bytes })
    }
    connection.close()
  },
})

/** Brings in so many tags, which other loads may read too. */
export function prepareTags({ port, kind }, count) {
  return bringInTags({ port, kind, repository: repositoryOfTags(count), image, count, tagOf })
}

function listLoad(name, title, { kinds, entries, path, prepare }) {
  return {
    name,
    title: `GET ${title}, ${workers} connections`,
    unit: 'requests/s',
    yardsticks: [],
    kinds,
    entries,
    isQuick: false,
    prepare,
    async run({ port, seconds }) {
      let n = 0
      return withConnections(port, workers, (connections) =>
        repeat(connections, seconds, async (connection) => {
          const asked = path(n++)
          const answer = await connection.send(connection.head('GET', asked), { keep: true })
          const [listed] = Object.values(JSON.parse(expectStatus(answer, 200, asked).body)).filter(Array.isArray)
          // Distribution before 3 has no pages of tags, and answers with all of them.
          if (listed.length < pageSize) throw new Error(`${asked} was answered with ${listed.length} entries, not ${pageSize}`)
          return 1
        }),
      )
    },
  }
}

/** Spread over the list, a whole page before its end. */
function middle(n, count) {
  return (n * 7919) % (count - pageSize)
}

function repositoryOfTags(count) {
  return `bench/tags-${count}`
}

function tagOf(n) {
  return `v${String(n).padStart(7, '0')}`
}

function repositoryOf(n) {
  return `bench/listed-${String(n).padStart(7, '0')}`
}
