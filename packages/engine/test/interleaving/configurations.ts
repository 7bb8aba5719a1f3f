import { deleteManifest } from '../../src/delete-manifest.js'
import { rowKeys } from '../../src/keyspace.js'
import { putRow, readRow } from '../../src/row-store.js'
import { sweepManifest } from '../../src/sweep-manifest.js'
import { digestOf } from '../support/images.js'
import { type Image, index as list, one } from './content.js'
import type { Configuration } from './explore.js'
import { clock, type Touch } from './footprints.js'
import type { Operation } from './operations.js'
import type { Run } from './run.js'
import { prepare, type Setting } from './setting.js'
import { blobsIn } from './settings.js'
import { damage, verify, type VerifierRules } from './verifier.js'
import type { Process } from './process.js'

/** What a process of a configuration does. */
export type Task = Configuration['processes'][string]

const hour = 3_600_000
const day = 24 * hour

export const does =
  (operation: Operation): Task =>
  (run: Run, process: Process) =>
    run.operate(process, operation)

export const collects: Task = (run, process) => run.collect(process)

export const sweeps: Task = (run, process) => run.work(process, () => process.sweep({ noteAge: 0, objectFolders: [] }))

/** Of all deleted manifests of `a`, and nothing else. */
export const sweepsManifests: Task = (run, process) =>
  run.work(process, async () => {
    for (const { sort } of run.world.rowsOf('doomed/a')) await sweepManifest(process.context, 'a', sort)
  })

/** @param touches - what the time is of consequence to. Default: everything. */
export const waits =
  (milliseconds: number, touches: readonly Touch[] = [clock]): Task =>
  async ({ scheduler, world }, { name }) => {
    await scheduler.call(name, { kind: 'step', label: `${milliseconds / 1000} seconds pass`, touches }, async () => {
      world.now += milliseconds
    })
  }

export const verifies =
  (rules: VerifierRules = {}): Task =>
  (run, process) =>
    run.work(process, () => verify(process.context, run.world, 'config', rules))

export function push(image: Image = one, tag?: string): Operation {
  return { kind: 'push', repository: 'a', image, ...(tag !== undefined && { tag }) }
}

export function upload(repository: string, chunks: readonly string[] = ['config']): Operation {
  return { kind: 'push blob', repository, blob: 'config', chunks }
}

/** A blob that nothing uses, and whose lease is not over, or is. */
export const unused = (): Promise<Setting> => prepare({ repositories: ['a', 'b'], operations: blobsIn('a', ['config']) })
export const leaseOver = (): Promise<Setting> => prepare({ repositories: ['a', 'b'], operations: blobsIn('a', ['config']), pass: 3 * day })

/** A manifest with two tags. */
export const tagged = (): Promise<Setting> => prepare({ operations: [...blobsIn('a', ['config']), push(one, 't'), push(one, 'u')] })

/** A manifest without blobs that is deleted, and whose tag is not swept yet. */
export async function doomed(): Promise<Setting> {
  const deletes = async ({ context }: Process): Promise<void> => {
    await deleteManifest(context, 'a', list.digest)
  }
  const { world } = await prepare({ operations: [push(list, 't')], then: deletes })
  return { world, states: { a: { exists: true, manifests: [], tags: [], blobs: [] } } }
}

/** A repository in which there is nothing any more, not even tombstones. */
export const emptied = (): Promise<Setting> =>
  prepare({ operations: [push(list), { kind: 'delete manifest', repository: 'a', image: list }], pass: 27 * hour, then: (process) => process.sweep() })

/** A manifest with one tag; the lease of its blob is over. */
export const taggedLongAgo = (): Promise<Setting> => prepare({ operations: [...blobsIn('a', ['config']), push(one, 't')], pass: 3 * day })

/** A blob whose bytes went wrong, which nobody knows yet. */
export const damaged = (): Promise<Setting> =>
  prepare({
    repositories: [],
    operations: blobsIn('a', ['config']),
    then: async (_, world) => {
      damage(world, 'config')
    },
  })

/** A blob that is marked as corrupt; its lease is over. */
export const corrupt = (): Promise<Setting> =>
  prepare({
    repositories: [],
    operations: blobsIn('a', ['config']),
    pass: 3 * day,
    then: async ({ context }, world) => {
      damage(world, 'config')
      await verify(context, world, 'config')
    },
  })

/** A blob that is condemned. */
export const condemned = (revisionsRepeat = false): Promise<Setting> =>
  prepare({
    repositories: ['a', 'b'],
    operations: blobsIn('a', ['config']),
    revisionsRepeat,
    pass: 3 * day,
    then: async ({ context: { index } }) => {
      const key = rowKeys.blob(digestOf('config'))
      const row = (await readRow(index, key))!
      await index.commit([putRow(key, { ...row.value, state: 'condemned' }, row)])
    },
  })
