import type { Book } from './book.js'
import { type Content, contentOf, imageOf, indexOf } from './content.js'
import { appendUpload, cancelUpload, mountBlob, pushBlob, pushStyles, startUpload } from './push-blob.js'
import { deleteBlob, deleteManifest, deleteTag, pushManifest } from './push-manifest.js'
import type { Random } from './random.js'
import type { Send } from './send.js'
import { certain } from './things.js'

export interface WorkloadOptions {
  /** A repository that no other client writes to: what is there is known before each turn. */
  readonly own: string
  /** One that all clients push and move tags in. */
  readonly shared: string
  readonly random: Random
  /** The largest blob. */
  readonly blobBytes: number
  /** Blobs that all clients push, so that some push the same one at the same time. */
  readonly common: readonly Content[]
}

/** One client of a registry, which does something at each turn. */
export interface Workload {
  turn(send: Send): Promise<void>
  /** Takes a turn of every kind, pushes before what needs them. */
  everyTurn(send: Send): Promise<void>
}

/** Enough for a byte or more in each chunk. */
const smallestBlob = 64
const tags = ['latest', 'v1', 'v2', 'Stable_Build']

export function workloadOf(book: Book, { own, shared, random, blobBytes, common }: WorkloadOptions): Workload {
  const anyBlob = (): Content => (random.chance(0.4) ? random.pick(common) : contentOf(random.bytes(smallestBlob + random.below(blobBytes))))
  const note = (): string => String(random.below(2 ** 31))

  const blobsFor = async (send: Send, repository: string, count: number): Promise<Content[]> => {
    const blobs: Content[] = []
    for (let n = 0; n < count; n++) {
      const there = certain(book.ledger, 'blob', repository)
      const blob = there.length > 0 && random.chance(0.5) ? book.blobs.get(random.pick(there))! : anyBlob()
      if (!there.includes(blob.digest)) await pushBlob(book, send, random.pick(pushStyles), { repository, blob, chunks: 2 + random.below(3) })
      blobs.push(blob)
    }
    return blobs
  }
  const pushImage = async (send: Send, repository: string): Promise<void> => {
    const image = imageOf(await blobsFor(send, repository, 1 + random.below(3)), note())
    await pushManifest(book, send, repository, image, random.chance(0.7) ? random.pick(tags) : undefined)
  }

  const turns: Readonly<Record<string, readonly [weight: number, turn: (send: Send) => Promise<void>]>> = {
    blob: [4, (send) => pushBlob(book, send, random.pick(pushStyles), { repository: own, blob: anyBlob(), chunks: 2 + random.below(3) })],
    mount: [
      2,
      async (send) => {
        const from = certain(book.ledger, 'blob', shared)
        if (from.length > 0) await mountBlob(book, send, { repository: own, digest: random.pick(from), from: shared })
      },
    ],
    image: [5, (send) => pushImage(send, own)],
    sharedImage: [3, (send) => pushImage(send, shared)],
    index: [
      1,
      async (send) => {
        const images = certain(book.ledger, 'manifest', own).map((digest) => book.manifests.get(digest)!)
        if (images.length > 0) await pushManifest(book, send, own, indexOf([random.pick(images), random.pick(images)], note()), random.pick(tags))
      },
    ],
    moveTag: [
      3,
      async (send) => {
        const repository = random.pick([own, shared])
        const there = certain(book.ledger, 'manifest', repository)
        if (there.length > 0) await pushManifest(book, send, repository, book.manifests.get(random.pick(there))!, random.pick(tags))
      },
    ],
    session: [
      2,
      async (send) => {
        const blob = anyBlob()
        const id = await startUpload(book, send, own, blob)
        await appendUpload(book, send, { repository: own, id, from: 0, to: Math.ceil(blob.bytes.length / 2) })
        if (random.chance(0.3)) await cancelUpload(book, send, { repository: own, id })
      },
    ],
    ...(book.deletes && {
      deleteTag: [
        2,
        async (send: Send) => {
          const repository = random.pick([own, shared])
          const there = certain(book.ledger, 'tag', repository)
          await deleteTag(book, send, repository, random.pick(there.length > 0 ? there : tags))
        },
      ] as const,
      deleteManifest: [
        2,
        async (send: Send) => {
          const there = certain(book.ledger, 'manifest', own)
          if (there.length > 0) await deleteManifest(book, send, own, random.pick(there))
        },
      ] as const,
      deleteBlob: [
        2,
        async (send: Send) => {
          // One that no manifest needs, and then one that may be needed.
          const blob = contentOf(random.bytes(smallestBlob))
          await pushBlob(book, send, 'put', { repository: own, blob })
          await deleteBlob(book, send, own, blob.digest)
          await deleteBlob(book, send, own, random.pick(certain(book.ledger, 'blob', own).concat(blob.digest)))
        },
      ] as const,
    }),
  }
  const choices = Object.values(turns).flatMap(([weight, turn]) => Array.from({ length: weight }, () => turn))
  return {
    turn: (send) => random.pick(choices)(send),
    async everyTurn(send) {
      const { image, sharedImage, ...others } = turns
      const rest = Object.values(others).map((each) => [random.below(2 ** 31), each] as const)
      for (const [, turn] of [image!, sharedImage!, ...rest.sort(([a], [b]) => a - b).map(([, each]) => each)]) await turn(send)
    },
  }
}
