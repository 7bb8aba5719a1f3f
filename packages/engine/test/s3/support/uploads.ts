import type { Registry } from '../../../src/index.js'
import { body, digestOf, pushBlob } from '../../support/images.js'
import { rowKeys } from '../../../src/keyspace.js'
import type { Operation } from './operation.js'
import type { Stage } from './stage.js'

const layer = digestOf('layer')
/** More than one part. */
const large = Buffer.alloc(5 * 2 ** 20 + 1, 'large')
const parts = ['CreateMultipartUpload', 'UploadPart', 'UploadPart', 'CompleteMultipartUpload'] as const

/** A session of repository `a` that holds these bytes, each by a request of its own. */
async function session({ bench: { registry }, sessions }: Stage, ...chunks: readonly string[]): Promise<string> {
  const { id } = await registry.uploads.start('a')
  sessions.set('session', id)
  for (const chunk of chunks) await registry.uploads.append('a', id, body(chunk))
  return id
}

async function append(stage: Stage, content: string | Uint8Array, start = 0): Promise<void> {
  await stage.registry.uploads.append('a', stage.session('session'), body(content), { start })
}

async function finish(stage: Stage, content?: string | Uint8Array, digest = layer): Promise<void> {
  const id = stage.session('session')
  await stage.registry.uploads.finish('a', id, { digest, ...(content !== undefined && { body: body(content) }) })
}

const blobs = [layer]

export const uploadOperations: readonly Operation[] = [
  {
    name: 'a PATCH',
    before: ['PutObject'],
    given: (stage) => session(stage),
    run: (stage) => append(stage, 'layer'),
  },
  {
    name: 'a PATCH behind those of another replica',
    before: ['PutObject'],
    given: (stage) => session(stage, 'la', 'ye'),
    run: (stage) => append(stage, 'r', 4),
  },
  {
    name: 'the 65th PATCH, which merges two objects',
    before: ['PutObject', 'GetObject', 'GetObject', 'PutObject'],
    behind: ['DeleteObjects'],
    given: (stage) => session(stage, ...Array<string>(64).fill('x')),
    run: (stage) => append(stage, 'x', 64),
  },
  {
    name: 'the closing PUT of a whole layer',
    before: ['PutObject'],
    blobs,
    given: (stage) => session(stage),
    run: (stage) => finish(stage, 'layer'),
  },
  {
    name: 'the closing PUT of a whole layer of several parts',
    before: parts,
    blobs: [digestOf(large)],
    given: (stage) => session(stage),
    run: (stage) => finish(stage, large, digestOf(large)),
  },
  {
    name: 'the closing PUT with the last bytes, on another replica',
    before: ['PutObject', 'GetObject', 'GetObject'],
    blobs,
    given: (stage) => session(stage, 'lay'),
    run: (stage) => finish(stage, 'er'),
  },
  {
    name: 'the closing PUT without a body, of what two replicas have received',
    before: ['GetObject', 'GetObject'],
    blobs,
    given: async (stage) => {
      const id = await session(stage, 'lay')
      const { registry } = await stage.bench.start()
      await registry.uploads.append('a', id, body('er'))
    },
    run: (stage) => finish(stage),
  },
  {
    name: 'the closing PUT of a layer that is there already',
    before: ['PutObject'],
    behind: ['DeleteObject'],
    blobs,
    given: async (stage) => {
      await pushBlob(stage.bench.registry, 'b', 'layer')
      await session(stage)
    },
    run: (stage) => finish(stage, 'layer'),
  },
  {
    name: 'the closing PUT of other bytes than it says',
    before: ['PutObject'],
    behind: ['DeleteObject'],
    blobs,
    given: (stage) => session(stage),
    run: (stage) => finish(stage, 'other'),
    refuses: 'DIGEST_INVALID',
  },
  {
    name: 'the closing PUT of a layer whose bytes were damaged',
    before: ['PutObject', 'PutObject'],
    behind: ['DeleteObject'],
    blobs,
    given: async (stage) => {
      await pushBlob(stage.bench.registry, 'b', 'layer')
      const row = (await stage.bench.row(rowKeys.blob(layer)))!
      await stage.bench.put(rowKeys.blob(layer), { ...row, state: 'corrupt' })
      await session(stage)
    },
    run: (stage) => finish(stage, 'layer'),
    doneAlready: ['BLOB_UPLOAD_UNKNOWN'],
  },
  {
    name: 'the end of a session without a blob',
    before: [],
    behind: ['DeleteObjects'],
    given: (stage) => session(stage, 'lay', 'er'),
    run: (stage) => stage.registry.uploads.cancel('a', stage.session('session')),
  },
  {
    name: 'three PATCHes, each behind what is there, and the closing PUT',
    before: ['PutObject', 'PutObject', 'PutObject'],
    blobs,
    given: (stage) => session(stage),
    run: (stage) => pushInChunks(stage.registry, stage.session('session'), ['la', 'ye', 'r']),
    isStepwise: true,
  },
]

/** As a client does that comes back: it asks where the session stands, and goes on there. */
async function pushInChunks(registry: Registry, id: string, chunks: readonly string[]): Promise<void> {
  for (;;) {
    const { offset } = await registry.uploads.status('a', id)
    const left = chunks.join('').slice(offset)
    if (left === '') break
    const next = chunks.find((_, n) => chunks.slice(n).join('') === left)!
    await registry.uploads.append('a', id, body(next), { start: offset })
  }
  await registry.uploads.finish('a', id, { digest: layer })
}
