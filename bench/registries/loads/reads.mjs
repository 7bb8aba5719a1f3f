import { accept } from '../client/accept.mjs'
import { expectStatus } from '../client/connection.mjs'
import { receive, repeat, withConnections } from '../client/many.mjs'
import { image, largeBlob, pushPulled, repository, smallBlob, tag } from '../contents/pulled.mjs'

const byTag = { method: 'GET', path: `/v2/${repository}/manifests/${tag}`, fields: [accept], length: image.manifest.bytes.length }
const byDigest = { ...byTag, path: `/v2/${repository}/manifests/${image.manifest.digest}` }
const statBlob = { method: 'HEAD', path: `/v2/${repository}/blobs/${smallBlob.digest}`, length: 0 }
const small = { ...statBlob, method: 'GET', length: smallBlob.size }
const large = { ...small, path: `/v2/${repository}/blobs/${largeBlob.digest}`, length: largeBlob.size }
const range = { ...large, fields: ['range: bytes=50000000-50065535'], status: 206, length: 65_536 }

const bare = { unit: 'requests/s', yardsticks: ['node:http', 'nginx'] }
/** Of a size that a server that knows nothing can answer too. */
const simple = { ...bare, yardsticks: [...bare.yardsticks, 'discard'] }
const streamed = { unit: 'MB/s', yardsticks: ['node:http', 'nginx'] }

/** Requests that read, each again and again. */
export const reads = [
  ...[1, 16, 64].map((connections) => readLoad(`manifest-by-tag-${connections}`, 'GET manifest by tag', { ...simple, connections, request: byTag, isQuick: connections === 16 })),
  ...[1, 16, 64].map((connections) => readLoad(`manifest-by-digest-${connections}`, 'GET manifest by digest', { ...simple, connections, request: byDigest })),
  readLoad('blob-head-16', 'HEAD blob', { ...simple, connections: 16, request: statBlob, isQuick: true }),
  readLoad('blob-64k-16', 'GET blob of 64 KiB', { ...bare, connections: 16, request: small, isQuick: true }),
  readLoad('blob-range-16', 'GET 64 KiB in the middle of a blob of 100 MB', { ...bare, yardsticks: ['nginx'], connections: 16, request: range }),
  ...[1, 4].map((connections) => readLoad(`blob-100mb-${connections}`, 'GET blob of 100 MB', { ...streamed, connections, request: large, isQuick: connections === 4 })),
]

function readLoad(name, title, { connections, request, unit, yardsticks, isQuick = false }) {
  const { method, path, fields, status = 200, length } = request
  const what = `${method} ${path}`
  return {
    name,
    title: `${title}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    unit,
    yardsticks,
    isQuick,
    prepare: ({ port }) => pushPulled(port),
    async run({ port, seconds }) {
      return withConnections(port, connections, async (open) => {
        const head = open[0].head(method, path, fields)
        const once = async (connection) => {
          const answer = expectStatus(await connection.send(head), status, what)
          if (answer.length !== length) throw new Error(`${what} was answered with ${answer.length} bytes, not ${length}`)
          return 1
        }
        if (unit === 'requests/s') return repeat(open, seconds, once)
        const { amount, seconds: taken } = await receive(open, seconds, once)
        return { amount: amount / 1e6, seconds: taken }
      })
    },
  }
}
