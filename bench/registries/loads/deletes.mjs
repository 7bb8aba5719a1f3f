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
  /** What a run takes is mostly what it pushes before the clock starts. */
  hasOwnPreparation: true,
  async prepare() {},
  async run({ port, round, kind }) {
    const connection = await Connection.open(port)
    const image = makeImage(`deleted.${round}`, [1024])
    await pushImage(connection, { repository, tag: 'first', style: 'containerd', image })
    const tags = Array.from({ length: count - 1 }, (_, n) => `v${n}`)
    await pushTags(connection, { repository, manifest: image.manifest, tags, kind })
    const start = performance.now()
    await connection.call('DELETE', `/v2/${repository}/manifests/${image.manifest.digest}`, { status: 202 })
    const seconds = (performance.now() - start) / 1000
    connection.close()
    return { amount: 1, seconds }
  },
}
