import { repeat, withConnections } from '../client/many.mjs'
import { pushImage } from '../client/push.mjs'
import { makeImage } from '../contents/image.mjs'

const [kibi, mebi] = [1024, 1024 ** 2]
const small = { size: Array(5).fill(64 * kibi), title: 'images of 5 × 64 KiB', workers: 8, unit: 'images/s', yardsticks: ['discard', 'synced files'] }
const large = { size: Array(2).fill(64 * mebi), title: 'images of 2 × 64 MiB', workers: 4, unit: 'MB/s', yardsticks: ['discard', 'dd conv=fsync'] }

/** Pushes of images that are new, each on a connection of its own. */
export const pushes = ['docker', 'containerd'].flatMap((style) => [
  pushLoad(`push-small-${style}`, { ...small, style, most: (seconds) => 150 * seconds + 8, isQuick: true }),
  pushLoad(`push-large-${style}`, { ...large, style, most: () => 4, isQuick: style === 'docker' }),
])

/** @param most - how many images are made before the clock starts: no more are pushed */
function pushLoad(name, { size, title, workers, unit, yardsticks, style, most, isQuick }) {
  /** Servers get the same images in the same round. */
  const images = { round: undefined, made: [] }
  const bytes = size.reduce((sum, layer) => sum + layer, 0)
  return {
    name,
    title: `push ${title} as ${style} does, ${workers} at a time`,
    unit,
    yardsticks,
    isQuick,
    async prepare() {},
    onDisk: { workers, sizes: size, bytes: most(0) * bytes },
    async run({ port, seconds, round }) {
      if (images.round !== round) {
        const count = Math.ceil(most(seconds))
        Object.assign(images, { round, made: Array.from({ length: count }, (_, n) => makeImage(`${style[0]}${size.length}.${round}.${n}`, size)) })
      }
      const left = [...images.made.entries()]
      return withConnections(port, workers, (connections) =>
        // What is large is pushed to the end: a rate of two images says little.
        repeat(connections, unit === 'MB/s' ? Infinity : seconds, async (connection, { worker, stop }) => {
          const next = left.pop()
          if (next === undefined) return stop()
          const [n, image] = next
          await pushImage(connection, { repository: `bench/pushed-${worker}`, tag: `${style}-${round}-${n}`, style, image })
          return unit === 'MB/s' ? bytes / 1e6 : 1
        }),
      )
    },
  }
}
