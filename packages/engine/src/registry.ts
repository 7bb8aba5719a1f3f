import { randomBytes } from 'node:crypto'
import type { Driver, Index } from '@registry/core'
import { LRUCache } from 'lru-cache'
import { startBackground } from './background.js'
import { type Blobs, blobsOf } from './blobs.js'
import type { Context } from './context.js'
import { type Manifests, manifestsOf } from './manifests.js'
import { workOffNotes } from './notes.js'
import { checkStorage, claimStorage } from './ownership.js'
import { defaultPolicy, type Policy } from './policy.js'
import { type Tags, tagsOf } from './tags.js'
import { translatedDriver, translatedIndex } from './translated.js'
import { type Uploads, uploadsOf } from './uploads.js'

export interface RegistryOptions {
  /** Where the bytes are. The registry closes it. */
  readonly driver: Driver
  /** Where the facts are. The registry closes it. */
  readonly index: Index
  /** What differs from the default policy. */
  readonly policy?: Partial<Policy>
  /** Is told of background work that failed. A later start does what it left. Default: nobody is. */
  readonly onBackgroundError?: (error: unknown) => void
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number
}

/** What a container registry does, over any driver and any index. Repository names, tags and digests are taken as parsed. */
export interface Registry extends AsyncDisposable {
  readonly uploads: Uploads
  readonly blobs: Blobs
  readonly manifests: Manifests
  readonly tags: Tags
  /** Rejects where index or storage do not answer, or no longer belong together. */
  check(): Promise<void>
  /** Resolves when no work is left that goes on behind answers. */
  settled(): Promise<void>
  /** Lets background work end, then closes index and driver. */
  close(): Promise<void>
}

/**
 * Opens a registry on a storage and the index that belongs to it; a new storage and a new index are bound to each other.
 *
 * @throws `CONFIG` where the two do not belong together
 */
export async function createRegistry({ driver, index, policy, onBackgroundError = () => {}, now = Date.now }: RegistryOptions): Promise<Registry> {
  const whole: Policy = { ...defaultPolicy, ...policy }
  const context: Context = {
    driver: translatedDriver(driver),
    index: translatedIndex(index),
    policy: whole,
    background: startBackground(onBackgroundError),
    texts: new LRUCache({ maxSize: Math.max(whole.manifestCacheBytes, 1), sizeCalculation: (text: string) => Math.max(text.length, 1) }),
    now,
    randomId: () => randomBytes(16).toString('hex'),
  }
  await claimStorage(context)
  context.background.run(() => workOffNotes(context))

  const close = async (): Promise<void> => {
    await context.background.settled()
    await Promise.all([index.close(), driver.close()])
  }
  return {
    uploads: uploadsOf(context),
    blobs: blobsOf(context),
    manifests: manifestsOf(context),
    tags: tagsOf(context),
    check: () => checkStorage(context),
    settled: () => context.background.settled(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
