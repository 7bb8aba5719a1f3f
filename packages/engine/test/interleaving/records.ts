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
    const [found = '', expected = ''] = [world.objects, written].map((storage) => fieldsOf(storage, key))
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

/**
 * A record but for its checksum, and for a mark on a repository: that is of no consequence to anyone but the delete that
 * set it, and in a record by chance.
 */
function fieldsOf(objects: MemoryStorage, key: string): string {
  const text = Buffer.from(objects.get(key)?.bytes ?? []).toString()
  return text.replace(/,"checksum":"[^"]*"\}$/, '}').replace(',"marked":true', '')
}
