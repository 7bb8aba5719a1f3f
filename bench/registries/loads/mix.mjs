import { accept } from '../client/accept.mjs'
import { Connection } from '../client/connection.mjs'
import { repeat, withConnections } from '../client/many.mjs'
import { pushImage } from '../client/push.mjs'
import { makeImage } from '../contents/image.mjs'

const repository = 'bench/mixed'
const sizes = Array(5).fill(64 * 1024)
const [workers, pulledImages, pushEvery, mostPushes] = [16, 20, 10, 400]

/** What containerd does to pull an image, and docker too: the tag, the manifest under its digest, and every blob. */
async function pullImage(connection, tag, { blobs, manifest }) {
  await connection.call('HEAD', `/v2/${repository}/manifests/${tag}`, { fields: [accept], status: 200 })
  await connection.call('GET', `/v2/${repository}/manifests/${manifest.digest}`, { fields: [accept], status: 200 })
  for (const { digest } of blobs) await connection.call('GET', `/v2/${repository}/blobs/${digest}`, { status: 200 })
}

const pulled = Array.from({ length: pulledImages }, (_, n) => makeImage(`mixed.${n}`, sizes))
const pushed = { round: undefined, images: [] }

/** Nine pulls of one of 20 images to each push of a new one. */
export const mix = {
  name: 'mix',
  title: `90 % pulls of ${pulledImages} images of 5 × 64 KiB, 10 % pushes, ${workers} at a time`,
  unit: 'images/s',
  yardsticks: [],
  isQuick: false,
  async prepare({ port }) {
    const connection = await Connection.open(port)
    for (const [n, image] of pulled.entries()) await pushImage(connection, { repository, tag: `pulled-${n}`, style: 'containerd', image })
    connection.close()
  },
  async run({ port, seconds, round }) {
    if (pushed.round !== round) Object.assign(pushed, { round, images: Array.from({ length: mostPushes }, (_, n) => makeImage(`m.${round}.${n}`, sizes)) })
    let step = 0
    let next = 0
    return withConnections(port, workers, (connections) =>
      repeat(connections, seconds, async (connection) => {
        const n = step++
        const image = n % pushEvery === 0 ? pushed.images[next++] : undefined
        if (image) await pushImage(connection, { repository, tag: `pushed-${round}-${next}`, style: 'containerd', image })
        else await pullImage(connection, `pulled-${n % pulledImages}`, pulled[n % pulledImages])
        return 1
      }),
    )
  },
}
