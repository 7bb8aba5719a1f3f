import { contents, type Image, images } from './content.js'
import type { Operation } from './operations.js'
import { happens, pick, type Random } from './random.js'

/** What one client of a run does next: an operation, or what others than clients see to. */
export type Action = Operation | { readonly kind: 'sweep'; readonly noteAge?: number } | { readonly kind: 'collect' } | { readonly kind: 'pass'; readonly milliseconds: number }

export const repositories = ['a', 'b'] as const
const tags = ['t', 'u'] as const
const hour = 3_600_000

export interface WorkloadOptions {
  /** So much time may pass that tombstones, sessions and leases end. */
  readonly longTimes: boolean
  /** What clients do. Default: anything. */
  readonly kinds?: readonly Kind[] | undefined
}

/** What a client does next. */
export type Kind = Exclude<Operation['kind'], 'close'>

/** What the clients of a run do, each one thing after the other. */
export function workloadOf(random: Random, { longTimes, kinds = allKinds }: WorkloadOptions): readonly (readonly Action[])[] {
  const clients = 2 + Math.floor(random() * 3)
  const likely = favourites(random)
  const scripts = Array.from({ length: clients }, () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => actionOf(random, likely, kinds)))
  const keepers: Action[] = []
  if (happens(random, 0.4)) keepers.push({ kind: 'sweep', ...(happens(random, 0.5) && { noteAge: 0 }) })
  if (happens(random, 0.5)) keepers.push({ kind: 'collect' })
  if (happens(random, 0.3)) keepers.push({ kind: 'collect' })
  const times = longTimes ? [31_000, 2 * hour, 25 * hour, 49 * hour] : [31_000, 2 * hour]
  if (happens(random, 0.4)) keepers.push({ kind: 'pass', milliseconds: pick(random, times) })
  return [...scripts, ...keepers.map((action) => [action])]
}

/** What the operations of a run are mostly about, so that they meet. */
interface Favourites {
  readonly repository: string
  readonly tag: string
  readonly image: Image
}

function favourites(random: Random): Favourites {
  return { repository: pick(random, repositories), tag: pick(random, tags), image: pick(random, images) }
}

const allKinds: readonly Kind[] = [
  'push', 'push', 'push', 'push', 'push blob', 'push blob', 'mount', 'delete manifest', 'delete manifest',
  'delete tag', 'delete blob', 'delete blob', 'delete repository', 'read tag', 'read manifest', 'read blob',
]

function actionOf(random: Random, likely: Favourites, kinds: readonly Kind[]): Operation {
  const kind = pick(random, kinds)
  const repository = happens(random, 0.75) ? likely.repository : pick(random, repositories)
  const tag = happens(random, 0.7) ? likely.tag : pick(random, tags)
  const image = happens(random, 0.6) ? likely.image : pick(random, images)
  const blob = happens(random, 0.6) ? pick(random, image.blobs.length > 0 ? image.blobs : contents) : pick(random, contents)
  switch (kind) {
    case 'push':
      return { kind, repository, image, ...(happens(random, 0.7) && { tag }) }
    case 'push blob':
      return { kind, repository, blob, chunks: happens(random, 0.5) ? [blob] : [blob.slice(0, 2), blob.slice(2, 3), blob.slice(3)] }
    case 'mount':
      return { kind, repository, blob, from: repositories.find((name) => name !== repository)! }
    case 'delete manifest':
    case 'read manifest':
      return { kind, repository, image }
    case 'delete tag':
    case 'read tag':
      return { kind, repository, tag }
    case 'delete repository':
      return { kind, repository }
    case 'delete blob':
    case 'read blob':
      return { kind, repository, blob }
  }
}
