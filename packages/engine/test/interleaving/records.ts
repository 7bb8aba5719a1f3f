import { parseDigest } from '@registry/core'
import { memoryDriver, memoryIndex, type MemoryStorage } from '@registry/core/memory'
import type { Context } from '../../src/context.js'
import { recordObjectKey } from '../../src/keyspace.js'
import { writeRecord } from '../../src/records.js'
import type { RowRecord } from '../../src/rows.js'
import type { World } from './world.js'

/** Rows whose record in storage is not as it would be written now. */
export async function staleRecords(context: Context, world: World): Promise<readonly string[]> {
  const written: MemoryStorage = new Map(world.objects)
  const aside: Context = { ...context, driver: memoryDriver({ storage: written }), index: memoryIndex({ storage: world.rows, limits: world.limits }) }
  const stale: string[] = []
  for (const record of versionedRows(world)) {
    const key = recordObjectKey(record, record.version)
    await writeRecord(aside, record)
    const [found = '', expected = ''] = [world.objects, written].map((storage) => textOf(storage, key))
    if (found !== expected) stale.push(`${key} is ${found}, and should be ${expected}`)
  }
  return stale
}

/** All rows that have a version. */
function* versionedRows(world: World): Generator<RowRecord, void> {
  for (const { partition, sort, value } of world.rowsOf<{ readonly version: number }>('')) {
    const [kind, repository = ''] = partition.split(/\/(.*)/)
    const { version } = value
    if (kind === 'repositories') yield { kind: 'repository', repository: sort, version }
    if (kind === 'manifests') yield { kind: 'manifest', repository, digest: parseDigest(sort), version }
    if (kind === 'tags') yield { kind: 'tag', repository, tag: sort, version }
  }
}

/** A mark on a repository is of no consequence to anyone but the delete that set it: it is in a record by chance. */
function textOf(objects: MemoryStorage, key: string): string {
  return Buffer.from(objects.get(key)?.bytes ?? []).toString().replace(',"marked":true', '')
}
