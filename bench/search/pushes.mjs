import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { memoryDriver } from '@registry/core/memory'
import { createRegistry } from '@registry/engine'
import { alternating, percentiles } from './measured.mjs'
import { milliseconds } from './table.mjs'

const config = Buffer.from('{"architecture":"amd64","os":"linux"}')
const mediaType = 'application/vnd.oci.image.manifest.v1+json'

export const pushColumns = ['index', 'pushes', 'search', 'answered p50 ms', 'p95 ms', 'all work done p50 ms', 'p95 ms', 'requests']

/** What pushes differ in: what their manifests say of themselves. */
const kinds = [
  ['each with another description', (n) => `Release ${n} of a program that is pushed often.`],
  ['all with the same description', () => 'A program that is pushed often.'],
  ['none with a description', () => undefined],
]

/**
 * Rows for a table: pushes of manifests by tag with search switched on, and off, in turn; until they are answered, and until the work
 * that goes on behind the answer is done too. Bytes are in memory, so that the index is what takes time.
 *
 * @param openIndex - opens a new index of its own
 * @param quiet - resolves when the start of registries has no more to do
 * @param takeRequests - requests of all since the last call, where they are counted
 */
export async function measurePushes(title, count, { openIndex, quiet = async () => {}, takeRequests = () => '–' }) {
  const searches = [true, false]
  const registries = await Promise.all(searches.map(async (search) => createRegistry({ driver: memoryDriver(), index: await openIndex(), policy: { search }, exclusive: true })))
  await quiet()
  const rows = []
  for (const [number, [kind, describe]] of kinds.entries()) {
    const repository = `team/pushed-${number}`
    for (const registry of registries) await pushConfig(registry, repository)
    const pushesTo = (registry, isWhole) => async (n) => {
      await push(registry, repository, { tag: `${isWhole ? 'whole' : 'answered'}${n}`, description: describe(n) })
      if (isWhole) await registry.settled()
    }
    const answered = await alternating(count, registries.map((registry) => pushesTo(registry, false)))
    await Promise.all(registries.map((registry) => registry.settled()))
    const whole = await alternating(count, registries.map((registry) => pushesTo(registry, true)))
    for (const [n, registry] of registries.entries()) {
      takeRequests()
      await pushesTo(registry, true)(count)
      const times = [answered[n], whole[n]].flatMap(percentiles).map(milliseconds)
      rows.push([title, kind, searches[n] ? 'on' : 'off', ...times, takeRequests()])
    }
  }
  await Promise.all(registries.map((registry) => registry.close()))
  return rows
}

async function pushConfig(registry, repository) {
  const { id } = await registry.uploads.start(repository)
  await registry.uploads.finish(repository, id, { digest: digestOf(config), body: Readable.from([config]) })
}

async function push(registry, repository, { tag, description }) {
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
    layers: [],
    annotations: { 'org.opencontainers.image.version': tag, ...(description && { 'org.opencontainers.image.description': description }) },
  }
  await registry.manifests.push(repository, { kind: 'tag', tag }, Buffer.from(JSON.stringify(manifest)), { mediaType })
}

function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
