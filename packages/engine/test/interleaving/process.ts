import { LRUCache } from 'lru-cache'
import { startBackground } from '../../src/background.js'
import { type Blobs, blobsOf } from '../../src/blobs.js'
import type { Context } from '../../src/context.js'
import { startHooks } from '../../src/hooks/start-hooks.js'
import { type Manifests, manifestsOf } from '../../src/manifests.js'
import { defaultPolicy, type Policy } from '../../src/policy.js'
import { type Repositories, repositoriesOf } from '../../src/repositories.js'
import { sweep, type SweepOptions } from '../../src/sweep/sweep.js'
import { type Tags, tagsOf } from '../../src/tags.js'
import { type Uploads, uploadsOf } from '../../src/uploads.js'
import { scheduledDriver } from './scheduled-driver.js'
import { scheduledIndex, type ScheduledIndexOptions } from './scheduled-index.js'
import type { Scheduler } from './scheduler.js'
import type { World } from './world.js'

/** A registry without what depends on real time: who owns the storage, and when the next round of background work is. */
export interface Process {
  readonly name: string
  readonly context: Context
  readonly uploads: Uploads
  readonly blobs: Blobs
  readonly manifests: Manifests
  readonly tags: Tags
  readonly repositories: Repositories
  sweep(options?: SweepOptions): Promise<void>
}

/** Composes what `createRegistry` does, on storages whose calls wait for the scheduler. */
export function startProcess(world: World, scheduler: Scheduler, name: string, options: ScheduledIndexOptions = { torn: false }): Process {
  const policy: Policy = { ...defaultPolicy, search: world.search }
  const context: Context = {
    driver: scheduledDriver(world, scheduler, name),
    index: scheduledIndex(world, scheduler, name, options),
    policy,
    background: startBackground((error) => world.backgroundErrors.push(error)),
    hooks: startHooks({ policy, onError: (error) => world.backgroundErrors.push(error) }),
    texts: new LRUCache({ max: 10 }),
    findings: {},
    now: () => world.now,
    monotonic: () => world.now,
    confirmIndex: async () => {},
    randomId: idsOf(world.numberOf(name)),
    // The next attempt begins with a call, and whether others come first is for the scheduler to say.
    pause: async () => {},
  }
  let uploads: Uploads | undefined
  return {
    name,
    context,
    // Has caches, which take longer to make than most schedules.
    get uploads(): Uploads {
      return (uploads ??= uploadsOf(context))
    },
    blobs: blobsOf(context),
    manifests: manifestsOf(context),
    tags: tagsOf(context),
    repositories: repositoriesOf(context),
    sweep: async (sweepOptions) => {
      await sweep(context, { objectFolders: ['00'], ...sweepOptions })
    },
  }
}

/** Ids that tell the process and count, all in the partition `00`. */
function idsOf(process: number): () => string {
  let count = 0
  return () => `00${hex(process, 2)}${hex(count++, 4)}`.padEnd(32, '0')
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0')
}
