import { expect, it } from 'vitest'
import { mediaTypes } from '@registry/core'
import { type RowKey, rowKeys } from '../src/keyspace.js'
import { deleteRow } from '../src/row-store.js'
import type { Manifest, Tag } from '../src/rows.js'
import { type Bench, onEachPair } from './support/bench.js'
import { body, descriptor, digestOf, imageOf, pushImage, readManifest } from './support/images.js'
import { findingsOf } from './support/verify.js'

const contents = ['{}', 'layer']
const large = { annotations: { note: 'x'.repeat(500_000) } }
const subject = descriptor('the subject', mediaTypes.imageManifest)
const untidy = 'rows are taken away by hand'
const layer = digestOf('layer')

async function push(bench: Bench, fields: object = {}): Promise<{ readonly digest: ReturnType<typeof digestOf>; readonly row: Manifest }> {
  const { digest } = await pushImage(bench.registry, 'a', 'tag', contents, fields)
  await bench.settled()
  return { digest, row: (await bench.row(rowKeys.manifest('a', digest))) as Manifest }
}

onEachPair('a manifest', (open) => {
  it('whose text in its row is another is found', async () => {
    await using bench = await open({ untidy })
    const { digest, row } = await push(bench)
    await bench.put(rowKeys.manifest('a', digest), { ...row, text: imageOf(['{}']).toString() })
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([
      { kind: 'manifest-damaged', repository: 'a', digest, reason: `the text in its row has the digest ${digestOf(imageOf(['{}']))}` },
    ])
  })

  it.each<[string, (bench: Bench, key: string) => Promise<void>]>([
    ['missing', (bench, key) => bench.driver.delete([key])],
    ['another', async (bench, key) => { await bench.driver.put(key, body('{}')) }],
  ])('whose text in storage is %s is found, though this process remembers it', async (_, damage) => {
    await using bench = await open({ untidy })
    const { digest, row } = await push(bench, large)
    expect(await readManifest(bench.registry, 'a', 'tag')).not.toBe('')
    await damage(bench, row.object!)
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'manifest-damaged', repository: 'a', digest, key: row.object }])
  })

  it.each<[string, (row: Manifest, digest: ReturnType<typeof digestOf>) => RowKey<unknown>]>([
    ['the edge of a blob', ({ generation }, digest) => rowKeys.used(layer, 'a', digest, generation)],
    ['its place among the referrers', (_, digest) => rowKeys.referrer('a', subject.digest, digest)],
    ['the way from its text', ({ generation }) => rowKeys.objectOwner(generation)],
  ])('that lacks %s is found, and it is put again', async (_, keyOf) => {
    await using bench = await open()
    const { digest, row } = await push(bench, { subject, ...large })
    const key = keyOf(row, digest)
    const before = await bench.row(key)
    await bench.index.commit([deleteRow(key)])
    const found = { kind: 'row-missing', repository: 'a', digest, reason: `1 of the rows that belong to it are missing, such as ${key.partition} ${key.sort}` }
    expect(await findingsOf(bench.registry)).toMatchObject([found])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ ...found, repaired: true }])
    expect(await bench.row(key)).toEqual(before)
    expect(await findingsOf(bench.registry)).toEqual([])
  })

  it('that is among the referrers with another generation is found', async () => {
    await using bench = await open()
    const { digest } = await push(bench, { subject })
    const key = rowKeys.referrer('a', subject.digest, digest)
    await bench.put(key, { ...(await bench.row(key))!, generation: 'another' })
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'row-missing', digest, repaired: true }])
    expect(await findingsOf(bench.registry)).toEqual([])
  })

  it('of many blobs has all of its edges put again, in commits of the size that the index takes', async () => {
    await using bench = await open({ changes: 20 })
    const layers = Array.from({ length: 50 }, (_, n) => `layer ${n}`)
    const { digest } = await pushImage(bench.registry, 'a', 'tag', layers)
    await bench.settled()
    const { generation } = (await bench.row(rowKeys.manifest('a', digest))) as Manifest
    for (const content of layers) await bench.index.commit([deleteRow(rowKeys.used(digestOf(content), 'a', digest, generation))])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'row-missing', digest, repaired: true }])
    expect(await findingsOf(bench.registry)).toEqual([])
  })

  it.each<[string, RowKey<unknown>, string]>([
    ['has no link to', rowKeys.link('a', layer), `its repository has no link to its blob ${layer}`],
    ['has lost', rowKeys.blob(layer), `its blob ${layer} is gone`],
  ])('that names a blob which its repository %s is found, and left to who pushes it again', async (_, key, reason) => {
    await using bench = await open({ untidy })
    const { digest } = await push(bench)
    await bench.index.commit([deleteRow(key)])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'manifest-incomplete', repository: 'a', digest, blob: layer, reason }])
    await pushImage(bench.registry, 'a', 'tag', contents)
    expect((await findingsOf(bench.registry)).filter(({ kind }) => kind === 'manifest-incomplete')).toEqual([])
  })

  it('whose repository is deleted is found', async () => {
    await using bench = await open({ untidy })
    const { digest } = await push(bench)
    const key = rowKeys.repository('a', bench.index.capabilities.limits.spread)
    const row = (await bench.row(key))!
    await bench.put(key, { version: row.version, deleted: bench.now })
    const findings = await findingsOf(bench.registry)
    expect(findings.filter(({ kind }) => kind !== 'record-wrong')).toMatchObject([{ kind: 'repository-missing', repository: 'a', digest }])
  })
})

onEachPair('a tag', (open) => {
  it('that no row leads to from its manifest is found, and the row is put again', async () => {
    await using bench = await open()
    const { digest } = await push(bench)
    const key = rowKeys.taggedBy('a', digest, 'tag')
    const before = await bench.row(key)
    await bench.index.commit([deleteRow(key)])
    expect(await findingsOf(bench.registry)).toMatchObject([{ kind: 'row-missing', repository: 'a', tag: 'tag', digest }])
    expect(await findingsOf(bench.registry, { repair: true })).toMatchObject([{ kind: 'row-missing', repaired: true }])
    expect(await bench.row(key)).toEqual(before)
    await bench.registry.manifests.delete('a', digest)
  })

  it('that leads to a manifest which is not there is found', async () => {
    await using bench = await open({ untidy })
    const { digest } = await push(bench)
    const key = rowKeys.tag('a', 'tag')
    const tag = (await bench.row(key)) as Tag
    await bench.put(key, { ...tag, generation: 'another' })
    const found = { kind: 'tag-nowhere', repository: 'a', tag: 'tag', digest }
    expect((await findingsOf(bench.registry, { repair: true })).filter(({ kind }) => kind === 'tag-nowhere')).toMatchObject([found])
  })
})
