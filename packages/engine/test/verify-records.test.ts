import { expect, it } from 'vitest'
import { recordObjectKey, type RowKey, rowKeys } from '../src/keyspace.js'
import type { Blob, Repository, RowRecord } from '../src/rows.js'
import { type Bench, onEachPair } from './support/bench.js'
import { body, digestOf, imageOf, pushBlob, pushImage, readBlob, readManifest } from './support/images.js'
import { findingsOf } from './support/verify.js'

const contents = ['{}', 'layer']
const digest = digestOf(imageOf(contents))
const untidy = 'storage is damaged by hand'
const long = `${'long'.repeat(60)}/n`

type Names = RowRecord extends infer Record ? (Record extends RowRecord ? Omit<Record, 'version'> : never) : never

const rows: readonly [string, Names][] = [
  ['a repository', { kind: 'repository', repository: 'a' }],
  ['a manifest', { kind: 'manifest', repository: 'a', digest }],
  ['a tag', { kind: 'tag', repository: 'a', tag: 'tag' }],
  ['a tag with names too long for a key', { kind: 'tag', repository: long, tag: 'tag' }],
]

function rowKeyIn(bench: Bench, names: Names): RowKey<{ readonly version: number }> {
  switch (names.kind) {
    case 'repository':
      return rowKeys.repository(names.repository, bench.index.capabilities.limits.spread)
    case 'manifest':
      return rowKeys.manifest(names.repository, names.digest)
    case 'tag':
      return rowKeys.tag(names.repository, names.tag)
  }
}

async function recordKey(bench: Bench, names: Names): Promise<string> {
  const { version } = (await bench.row(rowKeyIn(bench, names)))!
  return recordObjectKey({ ...names, version }, version)
}

/** What a finding says of a record. */
function told(names: Names, key: string): object {
  return { ...names, kind: expect.stringMatching(/^record-/) as string, key }
}

async function pushBoth(bench: Bench): Promise<void> {
  for (const repository of ['a', long]) await pushImage(bench.registry, repository, 'tag', contents)
  await bench.settled()
}

onEachPair('the record of', (open) => {
  it.each(rows)('%s that is missing or damaged is found, and written again', async (_, names) => {
    await using bench = await open()
    await pushBoth(bench)
    const key = await recordKey(bench, names)
    const record = await bench.object(key)
    await bench.driver.delete([key])
    expect(await findingsOf(bench.registry)).toMatchObject([{ ...told(names, key), kind: 'record-missing' }])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'record-missing', repaired: true }])
    await bench.settled()
    expect(await bench.object(key)).toBe(record)
    await bench.driver.put(key, body(record.replace('a', 'b')))
    expect(await findingsOf(bench.registry)).toMatchObject([{ ...told(names, key), kind: 'record-wrong' }])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'record-wrong', repaired: true }])
    await bench.settled()
    expect(await bench.object(key)).toBe(record)
    expect(await findingsOf(bench.registry, { deep: true })).toEqual([])
  })

  it.each<[string, Names, object, string]>([
    ['a repository', rows[0]![1], { created: 7, description: 'x' }, 'it says something else of its created and description'],
    ['a manifest', rows[1]![1], { generation: 'f'.repeat(32) }, 'it says something else of its generation'],
    ['a tag', rows[2]![1], { digest: digestOf('x'), time: 7 }, 'it says something else of its digest and time'],
    ['something that is there', rows[2]![1], { deleted: 7 }, 'it is of something that was deleted, and the index has it'],
    ['another version', rows[2]![1], { version: 7 }, 'its name or version is missing or wrong'],
  ])('%s that says something else is found, and written again', async (_, names, fields, reason) => {
    await using bench = await open()
    await pushBoth(bench)
    const key = await recordKey(bench, names)
    const record = await bench.object(key)
    await bench.changeRecord(key, fields)
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ ...told(names, key), kind: 'record-wrong', reason, repaired: true }])
    await bench.settled()
    expect(await bench.object(key)).toBe(record)
  })

  it('a tombstone that is missing or wrong is found, and written again', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.tags.delete('a', 'tag')
    await bench.settled()
    const names = rows[2]![1]
    const key = await recordKey(bench, names)
    const record = await bench.object(key)
    for (const damage of [() => bench.driver.delete([key]), () => bench.changeRecord(key, { deleted: 7 })]) {
      await damage()
      expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ ...told(names, key), repaired: true }])
      await bench.settled()
      expect(await bench.object(key)).toBe(record)
    }
    await bench.changeRecord(key, { deleted: undefined, digest, generation: 'x', time: 1 })
    expect(await findingsOf(bench.registry)).toMatchObject([{ kind: 'record-wrong', reason: 'it is of something that is there, and the index has it as deleted' }])
    await findingsOf(bench.registry, { repair: true })
  })

  it('a manifest that does not say where a blob is now, is written again: a rebuild would not find it', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    // As after a rebuild that found no record of the blob, which was then pushed again.
    const key = await recordKey(bench, rows[1]![1])
    const { blobs } = (await bench.record(key)) as { blobs: { digest: string }[] }
    await bench.changeRecord(key, { blobs: blobs.filter((blob) => blob.digest !== digestOf('layer')) })
    const reason = `it does not say where the bytes of 1 of its blobs are, such as ${digestOf('layer')}`
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'record-wrong', key, reason, repaired: true }])
    await bench.rebuild()
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })

  it('a manifest leads to a blob that was healed, by the record of the heal', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    const blob = rowKeys.blob(digestOf('layer'))
    for (let n = 0; n < 2; n++) {
      await bench.put(blob, { ...(await bench.row<Blob>(blob))!, state: 'corrupt' })
      await pushBlob(bench.registry, 'a', 'layer')
      await bench.settled()
    }
    expect(await findingsOf(bench.registry)).toEqual([])
    await bench.put(blob, { ...(await bench.row<Blob>(blob))!, moved: [] })
    expect(await findingsOf(bench.registry)).toMatchObject([{ kind: 'record-wrong', digest }])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ repaired: true }])
  })

  it('something that a rebuild left out is named, and never written over', async () => {
    await using bench = await open({ untidy, failsInBackground: true })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const [repository, manifest] = [await recordKey(bench, rows[0]![1]), await recordKey(bench, rows[1]![1])]
    const good = await bench.object(manifest)
    for (const key of [repository, manifest]) await bench.driver.put(key, body('{}'))
    await bench.rebuild()
    const findings = await findingsOf(bench.registry, { repair: true })
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual(
      expect.arrayContaining([['record-left-out', manifest], ['record-left-out', await recordKey(bench, rows[2]![1])]]) as unknown,
    )
    expect(findings.every(({ kind, repaired }) => kind === 'record-left-out' && repaired === undefined)).toBe(true)
    expect(await bench.object(manifest)).toBe('{}')
    await bench.driver.put(manifest, body(good))
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(imageOf(contents).toString())
    // The repository lives by its manifest, at the version of its bad record, which waits to be mended.
    expect((await bench.row<Repository>(rowKeyIn(bench, rows[0]![1]) as RowKey<Repository>))?.created).toBeDefined()
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'record-left-out', repository: 'a', key: repository }])
    expect(await bench.object(repository)).toBe('{}')
  })
})
