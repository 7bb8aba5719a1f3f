import { randomBytes } from 'node:crypto'
import type { Driver, Index } from '@registry/core'
import { LRUCache } from 'lru-cache'
import { startBackground } from './background.js'
import { type Blobs, blobsOf } from './blobs.js'
import { checkContract } from './check-contract.js'
import { confirmIndex } from './confirm-index.js'
import { confirmed } from './confirmed.js'
import type { Context } from './context.js'
import { startFence } from './fence.js'
import { fencedDriver, fencedIndex } from './fenced.js'
import { gatedIndex } from './gate.js'
import { guarded } from './guarded.js'
import type { Hooks } from './hooks/hooks.js'
import { startHooks } from './hooks/start-hooks.js'
import { type Manifests, manifestsOf } from './manifests.js'
import { checkStorage, claimStorage } from './ownership.js'
import { defaultPolicy, type Policy } from './policy.js'
import type { RebuildProgress, RegistryRebuild } from './rebuild/progress.js'
import { startRebuild } from './rebuild/start-rebuild.js'
import { type Referrers, referrersOf } from './referrers.js'
import { type Repositories, repositoriesOf } from './repositories.js'
import { sweep, type SweepOptions, type SweepReport } from './sweep/sweep.js'
import { startWorker } from './sweep/worker.js'
import { type Tags, tagsOf } from './tags.js'
import { translatedDriver, translatedIndex } from './translated.js'
import { type Uploads, uploadsOf } from './uploads.js'
import { verify, type VerifyOptions, type VerifyReport } from './verify/verify.js'

/** What a registry is made of. */
export interface RegistryOptions {
  /** Where the bytes are. The registry closes it. */
  readonly driver: Driver
  /** Where the facts are. The registry closes it. */
  readonly index: Index
  /** What differs from the default policy. */
  readonly policy?: Partial<Policy>
  /** Is told of background work that failed, which a later start does, and of what listeners throw. Default: nobody is. */
  readonly onBackgroundError?: (error: unknown) => void
  /** No other process has this storage open, or will: a rebuild of the index need not wait for one to stop writing. Default `false`. */
  readonly exclusive?: boolean
  /** Is told how a rebuild of the index goes on. */
  readonly onRebuildProgress?: (progress: RebuildProgress) => void
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number
  /** Milliseconds of a clock that never goes back. Default: the process's own. */
  readonly monotonic?: () => number
}

/** What a container registry does, over any driver and any index. Repository names, tags and digests are taken as parsed. */
export interface Registry extends Hooks, AsyncDisposable {
  /** The default policy, with what the options of {@link createRegistry} change in it. */
  readonly policy: Policy
  /** How blobs come in. distribution-spec, end-4 to end-6, end-13 and end-14. */
  readonly uploads: Uploads
  /** Blobs that are there. distribution-spec, end-2, end-10 and end-11. */
  readonly blobs: Blobs
  /** distribution-spec, end-3, end-7 and end-9. */
  readonly manifests: Manifests
  /** Lists and deletes alone: tags are set by pushing a manifest. distribution-spec, end-8 and end-9. */
  readonly tags: Tags
  /** distribution-spec, end-12. */
  readonly referrers: Referrers
  /** What the distribution-spec has no endpoints for: the catalog, search, descriptions, and deletes of whole repositories. */
  readonly repositories: Repositories
  /** The index is made anew from storage, and until that is complete every operation is `UNAVAILABLE`. `undefined` where no rebuild was needed. */
  readonly rebuild: RegistryRebuild | undefined
  /** Does at once what otherwise is done in the background, in its time. */
  sweep(options?: SweepOptions): Promise<SweepReport>
  /** Compares index and storage, which may be in use, and tells what is wrong; mends what is safe where it is asked to. */
  verify(options?: VerifyOptions): Promise<VerifyReport>
  /** Rejects where index or storage do not answer, or no longer belong together. */
  check(): Promise<void>
  /** Resolves when no work is left that goes on behind answers, and listeners were told of what happened. */
  settled(): Promise<void>
  /** Lets background work end, or stop where a note of it stays, then closes index and driver. */
  close(): Promise<void>
}

/**
 * Opens a registry on a storage and the index that belongs to it; a new storage and a new index are bound to each other.
 * A new index takes over a storage that is in use, and is filled from it in the background.
 *
 * @throws `CONFIG` where the two do not belong together, or keep another version of the contract
 */
export async function createRegistry(options: RegistryOptions): Promise<Registry> {
  const { driver, index, onBackgroundError = () => {}, onRebuildProgress: onProgress = () => {} } = options
  const { exclusive = false, now = Date.now, monotonic = () => performance.now() } = options
  const onError = guarded(onBackgroundError)
  const policy: Policy = { ...defaultPolicy, ...options.policy }
  checkContract('driver', driver)
  checkContract('index', index)
  const randomId = (): string => randomBytes(16).toString('hex')
  const open = { driver: translatedDriver(driver), index: translatedIndex(index), now, randomId }

  const claim = await claimStorage(open)
  const hooks = startHooks({ policy, onError })
  const fence = startFence({ driver: open.driver, id: claim.id, policy, monotonic, onError })
  await fence.compare()
  const whole: Context = {
    driver: fencedDriver(open.driver, fence),
    index: fencedIndex(open.index, fence),
    policy,
    background: startBackground(onError),
    hooks,
    texts: new LRUCache({ maxSize: Math.max(policy.manifestCacheBytes, 1), sizeCalculation: (text: string) => Math.max(text.length, 1) }),
    findings: {},
    now,
    monotonic,
    confirmIndex: () => confirmIndex(open.index, claim.id),
    randomId,
  }

  const onComplete = (): void => {
    startWorker(whole)
  }
  const rebuild = claim.rebuild ? startRebuild({ ...whole, exclusive, onProgress, onComplete, onError }) : undefined
  if (!rebuild) startWorker(whole)
  const context: Context = rebuild ? { ...whole, index: gatedIndex(whole.index, rebuild) } : whole

  const close = async (): Promise<void> => {
    await rebuild?.stop()
    await context.background.end()
    await hooks.told()
    // Only now: what goes on behind answers writes as long as the storage is seen to be ours.
    await fence.close()
    await Promise.all([index.close(), driver.close()])
  }
  return {
    policy,
    uploads: confirmed(uploadsOf(context), context.confirmIndex),
    blobs: confirmed(blobsOf(context), context.confirmIndex),
    manifests: confirmed(manifestsOf(context), context.confirmIndex),
    tags: confirmed(tagsOf(context), context.confirmIndex),
    referrers: confirmed(referrersOf(context), context.confirmIndex),
    repositories: confirmed(repositoriesOf(context), context.confirmIndex),
    sweep: (options) => sweep(context, options),
    verify: (options) => verify(context, options),
    rebuild,
    check: async () => {
      const refusal = rebuild?.refusal()
      if (refusal) throw refusal
      await checkStorage(whole.index, claim.id, fence)
    },
    settled: async () => {
      await context.background.settled()
      await hooks.told()
    },
    on: (name, listener) => hooks.on(name, listener),
    before: (name, check) => hooks.before(name, check),
    close,
    [Symbol.asyncDispose]: close,
  }
}
