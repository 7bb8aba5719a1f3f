import { Connection, expectStatus } from '../client/connection.mjs'
import { repeat, withConnections } from '../client/many.mjs'
import { pushBlob, pushManifest, pushTags } from '../client/push.mjs'
import { makeImage, manifestType } from '../contents/image.mjs'

const [pageSize, workers] = [100, 4]
const image = makeImage('listed', [1024])

/** Pages in the middle of a list of tags: how long the list is should make no difference. */
export const tagLists = [
  [1_000, '1k', ['registry', 'peer']],
  [100_000, '100k', ['registry']],
  [1_000_000, '1M', ['registry']],
].map(([count, called, kinds]) => {
  const repository = `bench/tags-${count}`
  return listLoad(`tags-${called}`, `a page of ${pageSize} of ${count.toLocaleString('en')} tags`, {
    kinds,
    path: (n) => `/v2/${repository}/tags/list?n=${pageSize}&last=${tagOf((n * 7919) % (count - pageSize))}`,
    async prepare({ port, kind }) {
      const connection = await Connection.open(port)
      await pushListed(connection, { repository, tags: Array.from({ length: count }, (_, n) => tagOf(n)), kind })
      connection.close()
    },
  })
})

/** Pages in the middle of the catalog. */
export const catalogs = [[1_000, '1k', ['registry', 'peer']]].map(([count, called, kinds]) =>
  listLoad(`catalog-${called}`, `a page of ${pageSize} of ${count.toLocaleString('en')} repositories`, {
    kinds,
    path: (n) => `/v2/_catalog?n=${pageSize}&last=${repositoryOf((n * 7919) % (count - pageSize))}`,
    async prepare({ port, kind }) {
      await withConnections(port, 8, (connections) =>
        eachOf(count, connections, (connection, n) => pushListed(connection, { repository: repositoryOf(n), tags: ['latest'], kind })),
      )
    },
  }),
)

/** The manifests that belong to one, such as its signatures. */
export const referrers = listLoad('referrers-100', 'the list of 100 referrers of a manifest', {
  kinds: ['registry'],
  path: () => `/v2/bench/referred/referrers/${image.manifest.digest}`,
  async prepare({ port, kind }) {
    const connection = await Connection.open(port)
    await pushListed(connection, { repository: 'bench/referred', tags: ['latest'], kind })
    for (let n = 0; n < 100; n++) {
      const manifest = JSON.parse(image.manifest.bytes)
      const subject = { mediaType: manifestType, digest: image.manifest.digest, size: image.manifest.bytes.length }
      const bytes = Buffer.from(JSON.stringify({ ...manifest, artifactType: 'application/vnd.example.signature', annotations: { n: String(n) }, subject }))
      await pushManifest(connection, { repository: 'bench/referred', reference: `signature-${n}`, bytes })
    }
    connection.close()
  },
})

function listLoad(name, title, { kinds, path, prepare }) {
  return {
    name,
    title: `GET ${title}, ${workers} connections`,
    unit: 'requests/s',
    yardsticks: [],
    kinds,
    isQuick: false,
    prepare,
    async run({ port, seconds }) {
      let n = 0
      return withConnections(port, workers, (connections) =>
        repeat(connections, seconds, async (connection) => {
          const answer = await connection.send(connection.head('GET', path(n++)), { keep: true })
          const [entries] = Object.values(JSON.parse(expectStatus(answer, 200, path(n)).body)).filter(Array.isArray)
          // Distribution before 3 has no pages of tags, and answers with all of them.
          if (entries.length < pageSize) throw new Error(`${path(n)} was answered with ${entries.length} entries, not ${pageSize}`)
          return 1
        }),
      )
    },
  }
}

/** The same image under many tags. */
async function pushListed(connection, { repository, tags, kind }) {
  const { blobs, manifest } = image
  for (const blob of blobs) await pushBlob(connection, { repository, blob, style: 'containerd' })
  await pushTags(connection, { repository, manifest, tags, kind })
}

async function eachOf(count, connections, step) {
  let next = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (next < count) await step(connection, next++)
    }),
  )
}

function tagOf(n) {
  return `v${String(n).padStart(7, '0')}`
}

function repositoryOf(n) {
  return `bench/listed-${String(n).padStart(7, '0')}`
}
