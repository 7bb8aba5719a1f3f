import type { Digest } from '@registry/core'
import { expect, it } from 'vitest'
import { blobObjectKey, recordObjectKey, rowKeys } from '../src/keyspace.js'
import type { Blob, DueRecord, RebuildProblem, RowRecord } from '../src/rows.js'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest, readBlob, readManifest } from './support/images.js'

const contents = ['{}', 'layer']
const text = imageOf(contents)
const digest = digestOf(text)
const untidy = 'a record is bad, and stays where it is'

async function problemsOf({ registry }: Bench): Promise<RebuildProblem[]> {
  const problems: RebuildProblem[] = []
  for await (const problem of (await registry.rebuild!.report).problems()) problems.push(problem)
  return problems
}

async function keyOf(bench: Bench, pattern: RegExp): Promise<string> {
  return (await bench.keys()).filter((key) => pattern.test(key)).at(-1)!
}

onEachPair('a rebuild', (open) => {
  const filled = async (): Promise<Bench> => {
    const bench = await open({ untidy })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await pushImage(bench.registry, 'a', 'good', ['{}'])
    await bench.settled()
    return bench
  }

  it.each<[string, string | object, RegExp]>([
    ['is no JSON', '{"version"', /no JSON object/],
    ['is empty', '', /no JSON object/],
    ['is no object', '[]', /no JSON object/],
    ['has another text', { text: `${text.toString()} ` }, /has the digest sha256:/],
    ['has no text', { text: undefined }, /no text/],
    ['has its text in an object that is gone', { text: undefined, object: blobObjectKey('0'.repeat(32), 0, 'x') }, /cannot be read/],
    ['is of another repository', { repository: 'b' }, /key of another row/],
    ['is of no repository', { repository: '../b' }, /name or version/],
    ['is of another digest', { digest: digestOf('x') }, /another digest/],
    ['has another version', { version: 7 }, /name or version/],
    ['has another media type', { mediaType: 'application/json' }, /media ?[tT]ype/],
    ['has no generation', { generation: 7 }, /too little/],
  ])('reports the record of a manifest that %s, leaves it and its tag out, and goes on', async (_, content, reason) => {
    await using bench = await filled()
    const key = await keyOf(bench, new RegExp(`_manifests/sha256/${digest.slice(7)}/`))
    if (typeof content === 'string') await bench.driver.put(key, body(content))
    else await bench.changeRecord(key, content)
    const bytes = await bench.object(key)
    await bench.rebuild()
    const tag = await keyOf(bench, /_tags\/.*\/tag\//)
    expect(await problemsOf(bench)).toEqual([
      { key, reason: expect.stringMatching(reason) as string },
      { key: tag, reason: expect.stringContaining('left out') as string },
    ])
    expect((await bench.row(rowKeys.rebuild()))?.problems).toBe(2)
    expect(await errorOf(readManifest(bench.registry, 'a', digest))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect((await bench.registry.tags.list('a', { limit: 10 })).tags).toEqual(['good'])
    expect(await bench.object(key)).toBe(bytes)
  })

  it.each([/_manifests\//, /_repository\//, /_tags\//])('reports a record of %s that has no checksum', async (pattern) => {
    await using bench = await filled()
    const key = await keyOf(bench, pattern)
    await bench.driver.put(key, body(JSON.stringify(await bench.record(key))))
    await bench.rebuild()
    expect(await problemsOf(bench)).toContainEqual({ key, reason: 'it does not end in a checksum' })
  })

  it('brings back what was left out once its record is mended', async () => {
    await using bench = await filled()
    const key = await keyOf(bench, new RegExp(`_manifests/sha256/${digest.slice(7)}/`))
    const bytes = await bench.object(key)
    await bench.driver.put(key, body('{'))
    await bench.rebuild()
    await bench.registry.sweep({ noteAge: 0 })
    await bench.driver.put(key, body(bytes))
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual([])
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(text.toString())
  })

  it('names tags whose manifest has no record at all, which is no problem, and names each once', async () => {
    await using bench = await filled()
    for (let n = 0; n < 11; n++) await pushManifest(bench.registry, 'b', `v${n}`, (await pushImage(bench.registry, 'b', 'other', ['{}', 'lost'])).manifest)
    await bench.settled()
    const lost = await bench.keys(`repositories/b/_manifests/`)
    await bench.driver.delete([...lost, await keyOf(bench, new RegExp(`_manifests/sha256/${digest.slice(7)}/`))])
    await bench.rebuild()
    const { unanswered, problemCount, counts } = await bench.registry.rebuild!.report
    expect([problemCount, await problemsOf(bench), counts.tags]).toEqual([0, [], 1])
    expect([unanswered.count, unanswered.tags.length, unanswered.tags[0]]).toEqual([13, 10, 'a:tag'])
    for (const tag of unanswered.tags.slice(1)) expect(tag).toMatch(/^b:(other|v\d+)$/)
    await bench.rebuild()
    expect((await bench.registry.rebuild!.report).unanswered).toEqual({ count: 0, tags: [] })
  })

  it('names a file that lies beside records, which count all the same', async () => {
    await using bench = await filled()
    const keys = [`${await keyOf(bench, new RegExp(`_manifests/sha256/${digest.slice(7)}/`))}.bak`, (await keyOf(bench, /_tags\/.*\/tag\//)).replace(/\d+$/, 'zzz')]
    for (const key of keys) await bench.driver.put(key, body('{}'))
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual(keys.map((key) => ({ key, reason: 'its key is none of a record' })))
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(text.toString())
    await pushManifest(bench.registry, 'a', 'tag', imageOf(['{}']))
    await bench.settled()
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(imageOf(['{}']).toString())
  })

  it('brings back a tag whose manifest had a bad record that does not say its name', async () => {
    await using bench = await open({ untidy })
    const long = 'x'.repeat(250)
    await pushImage(bench.registry, long, 'tag', contents)
    await bench.settled()
    const key = await keyOf(bench, /_manifests\//)
    const bytes = await bench.object(key)
    await bench.driver.put(key, body('{'))
    await bench.rebuild()
    expect((await problemsOf(bench)).map((problem) => problem.key)).toEqual([key, await keyOf(bench, /_tags\//)])
    await bench.registry.sweep({ noteAge: 0 })
    await bench.driver.put(key, body(bytes))
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual([])
    expect(await readManifest(bench.registry, long, 'tag')).toBe(text.toString())
  })

  it.each<[string, RegExp, string | object, RegExp]>([
    ['a tag without a digest', /_tags\/.*\/tag\//, { digest: 'x' }, /where the tag leads/],
    ['a tag with the name of another', /_tags\/.*\/tag\//, { tag: 'good' }, /key of another row/],
    ['a tag with no name of one', /_tags\/.*\/tag\//, { tag: '-' }, /name or version/],
    ['a tag that is no JSON', /_tags\/.*\/tag\//, 'x', /no JSON object/],
  ])('reports %s and leaves it out, and its versions go on', async (_, pattern, content, reason) => {
    await using bench = await filled()
    const key = await keyOf(bench, pattern)
    if (typeof content === 'string') await bench.driver.put(key, body(content))
    else await bench.changeRecord(key, content)
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual([{ key, reason: expect.stringMatching(reason) as string }])
    expect((await bench.registry.tags.list('a', { limit: 10 })).tags).toEqual(['good'])
    expect(await readManifest(bench.registry, 'a', digest)).toBe(text.toString())
    await pushManifest(bench.registry, 'a', 'tag', text)
    await bench.settled()
    expect((await bench.row(rowKeys.tag('a', 'tag')))?.version).toBe(Number(key.slice(-20)) + 1)
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(text.toString())
  })

  it('reports a bad record of a repository, which exists all the same as it has a manifest', async () => {
    await using bench = await filled()
    const key = await keyOf(bench, /_repository\//)
    await bench.driver.put(key, body('{'))
    await bench.rebuild()
    expect(await problemsOf(bench)).toMatchObject([{ key }])
    expect((await bench.registry.tags.list('a', { limit: 10 })).tags).toEqual(['good', 'tag'])
    expect(await bench.object(key)).toBe('{')
    await bench.driver.delete([key])
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual([])
    expect((await bench.registry.tags.list('a', { limit: 10 })).tags).toEqual(['good', 'tag'])
  })

  it('reports a key that is none of a record', async () => {
    await using bench = await filled()
    await bench.driver.put('repositories/a/readme', body('x'))
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual([{ key: 'repositories/a/readme', reason: 'its key is none of a record' }])
  })

  it('takes no earlier record in the place of a bad one', async () => {
    await using bench = await filled()
    const key = await keyOf(bench, /_tags\/.*\/tag\//)
    const record: RowRecord = { kind: 'tag', repository: 'a', tag: 'tag', version: Number(key.slice(-20)) + 1 }
    await bench.driver.put(recordObjectKey(record, record.version), body('{'))
    await bench.rebuild()
    expect(await problemsOf(bench)).toHaveLength(1)
    expect(await errorOf(readManifest(bench.registry, 'a', 'tag'))).toMatchObject({ code: 'MANIFEST_UNKNOWN' })
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: record.version, unreadable: true })
  })

  it.each(['gone', 'shorter'])('names every manifest that needs a blob whose object is %s; it heals when it is pushed again', async (fate) => {
    await using bench = await filled()
    await pushImage(bench.registry, 'b', 'other', ['{}', 'layer', 'more'])
    await bench.settled()
    const [object] = ((await bench.row(rowKeys.blob(digestOf('layer')))) as Blob).objects
    if (fate === 'gone') await bench.driver.delete([object!.key])
    else await bench.driver.put(object!.key, body('lay'))
    await bench.rebuild()
    const problems = await problemsOf(bench)
    expect(problems.map(({ key }) => key.split('/')[1])).toEqual(['a', 'b'])
    for (const { reason } of problems) expect(reason).toContain(digestOf('layer'))
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(text.toString())
    expect(await errorOf(readBlob(bench.registry, 'a', digestOf('layer')))).toMatchObject({ code: 'BLOB_UNKNOWN' })
    await pushBlob(bench.registry, 'a', 'layer')
    for (const repository of ['a', 'b']) expect(await readBlob(bench.registry, repository, digestOf('layer'))).toBe('layer')
    await bench.settled()
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual([])
    expect(await readBlob(bench.registry, 'b', digestOf('layer'))).toBe('layer')
  })

  it('restores a manifest whose record does not say where a blob is, and the blob once it is pushed', async () => {
    await using bench = await filled()
    const key = await keyOf(bench, new RegExp(`_manifests/sha256/${digest.slice(7)}/`))
    const { blobs } = (await bench.record(key)) as { blobs: { digest: Digest }[] }
    await bench.changeRecord(key, { blobs: blobs.filter((blob) => blob.digest !== digestOf('layer')) })
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual([{ key, reason: expect.stringContaining('no record says where its bytes are') as string }])
    expect(await bench.row(rowKeys.blob(digestOf('layer')))).toBeUndefined()
    await pushBlob(bench.registry, 'a', 'layer')
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })

  it('finds the objects of a blob that was healed, several times', async () => {
    await using bench = await filled()
    for (let heals = 1; heals <= 3; heals++) {
      const key = rowKeys.blob(digestOf('layer'))
      await bench.put(key, { ...((await bench.row(key)) as Blob), state: 'corrupt' })
      await pushBlob(bench.registry, 'b', 'layer')
      await bench.settled()
    }
    const before = (await bench.row(rowKeys.blob(digestOf('layer')))) as Blob
    expect(before.moved).toHaveLength(3)
    await bench.rebuild()
    expect(await problemsOf(bench)).toEqual([])
    expect(await bench.row(rowKeys.blob(digestOf('layer')))).toMatchObject({ objects: before.objects, moved: before.moved, state: 'live' })
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })

  it('reports a record of moved objects that is bad', async () => {
    await using bench = await filled()
    const moved: DueRecord = { kind: 'moved', digest, from: 'blobs/00/x', version: 1 }
    await bench.driver.put(recordObjectKey(moved, 1), body('{}'))
    await bench.rebuild()
    expect(await problemsOf(bench)).toMatchObject([{ key: recordObjectKey(moved, 1) }])
  })

  it('does not take a storage that does not answer for one full of bad objects', async () => {
    // Pauses are parts of the time between two looks, and no look of the fence comes in between.
    await using bench = await open({ failsInBackground: true, policy: { ownershipCheckMilliseconds: 3000, ownershipTrustMilliseconds: 60_000 } })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    await bench.loseIndex()
    const failure = new Error('no route to storage')
    const { registry } = await bench.start({
      arrange: (faults) => {
        for (let n = 0; n < 3; n++) faults.fail('open', /_tags\//, failure)
        faults.fail('open', /^registry.json$/, failure)
      },
    })
    expect((await registry.rebuild!.report).problemCount).toBe(0)
    expect(bench.backgroundErrors).toMatchObject([{ code: 'UNAVAILABLE' }])
    expect(await readManifest(registry, 'a', 'tag')).toBe(text.toString())
  })
})
