import { Connection } from '../client/connection.mjs'
import { pushImage, pushTags } from '../client/push.mjs'
import { makeImage } from '../contents/image.mjs'

const [repository, count] = ['bench/deleted', 2_000]

/** A manifest with all tags that lead to it, which are pushed before the clock starts. */
export const deletes = {
  name: 'delete-2000-tags',
  title: `DELETE of a manifest that ${count.toLocaleString('en')} tags lead to`,
  unit: 'deletes/s',
  yardsticks: [],
  isQuick: false,
  /** What is deleted has to be pushed anew in each round. */
  isArranged: true,
  async prepare() {},
  async arrange({ port, round, kind }) {
    const connection = await Connection.open(port)
    const image = imageOf(round)
    await pushImage(connection, { repository, tag: 'first', style: 'containerd', image })
    const tags = Array.from({ length: count - 1 }, (_, n) => `v${n}`)
    await pushTags(connection, { repository, manifest: image.manifest, tags, kind })
    connection.close()
  },
  async run({ port, round }) {
    const connection = await Connection.open(port)
    const { manifest } = imageOf(round)
    const start = performance.now()
    await connection.call('DELETE', `/v2/${repository}/manifests/${manifest.digest}`, { status: 202 })
    const seconds = (performance.now() - start) / 1000
    connection.close()
    return { amount: 1, seconds }
  },
}

function imageOf(round) {
  return makeImage(`deleted.${round}`, [1024])
}
