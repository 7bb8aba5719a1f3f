import { expect, it } from 'vitest'
import type { VerifyProgress } from '../src/index.js'
import { rowKeys } from '../src/keyspace.js'
import { deleteRow } from '../src/row-store.js'
import type { Blob } from '../src/rows.js'
import { type Bench, errorOf, onEachPair, onPairsAtHand } from './support/bench.js'
import type { Held } from './support/faults.js'
import { fill } from './support/fill.js'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest } from './support/images.js'
import { findingsOf, verified } from './support/verify.js'

const day = 86_400_000
const contents = ['{}', 'layer']
const large = { annotations: { note: 'x'.repeat(500_000) } }

async function setState(bench: Bench, content: string, state: Blob['state']): Promise<void> {
  const key = rowKeys.blob(digestOf(content))
  await bench.put(key, { ...(await bench.row(key))!, state })
}

onEachPair('a verification of a whole registry', (open) => {
  it('finds nothing where there is nothing', async () => {
    await using bench = await open()
    const { findings, report } = await verified(bench.registry, { deep: true })
    expect(findings).toEqual([])
    expect(report).toEqual({ blobs: 0, bytes: 0, repositories: 0, manifests: 0, tags: 0, objects: 0, inPassing: 0, findings: 0, repaired: 0, marked: 0 })
  })

  it('finds nothing where a rebuild buries a tag, whose record is still to come', async () => {
    await using bench = await open({ untidy: 'a record is lost on purpose' })
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    await bench.driver.delete(await bench.keys(`repositories/a/_manifests/sha256/${digest.slice(7)}`))
    await bench.loseIndex()
    let record: Held | undefined
    const { registry } = await bench.begin({ arrange: (faults) => { record = faults.hold('put', /_tags\//) } })
    await registry.rebuild!.report
    await record!.reached
    expect(await findingsOf(registry)).toEqual([])
    record!.release()
    await registry.settled()
    expect(await findingsOf(registry)).toEqual([])
  })

  it('counts what is under way, and takes it for nothing else', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.append('a', id, body('half'))
    const [put, announced] = [bench.faults.hold('commit', /^put uploads\//), bench.faults.hold('commit', /^put pushes\//)]
    const append = bench.registry.uploads.append('a', id, body('not named yet'))
    const push = pushManifest(bench.registry, 'a', 'tag', imageOf(contents, large))
    await Promise.all([put.reached, announced.reached])
    const other = await bench.start()
    const { findings, report } = await verified(other.registry, { deep: true, repair: true })
    expect(findings).toEqual([])
    expect(report).toMatchObject({ objects: 5, inPassing: 1 })
    for (const held of [put, announced]) held.release()
    await Promise.all([append, push])
    bench.now += 2 * day
    await bench.registry.sweep()
    await bench.settled()
  })

  it('tells how it goes on, and waits for whoever is given a finding', async () => {
    await using bench = await open({ untidy: 'a row is taken away by hand' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    for (const content of contents) await bench.driver.delete((await bench.row(rowKeys.blob(digestOf(content))))!.objects.map(({ key }) => key))
    const progress: VerifyProgress[] = []
    let given = 0
    const onFinding = async (): Promise<void> => {
      expect(++given).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      given--
    }
    const report = await bench.registry.verify({ onFinding, onProgress: (now) => progress.push(now) })
    expect(report).toMatchObject({ findings: 4, repaired: 0, marked: 0 })
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual(['commits', 'blobs', 'repositories', 'objects', 'complete'])
    expect(progress.at(-1)?.counts).toMatchObject({ blobs: 2, repositories: 1, manifests: 1, tags: 1 })
    expect(progress.filter(({ phase }) => phase === 'blobs').at(-1)).toMatchObject({ done: 255, total: 256 })
  })

  it('ends where it is asked to, and where the registry is closed', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    const ending = new AbortController()
    const reason = new Error('enough')
    await expect(bench.registry.verify({ signal: ending.signal, onProgress: () => { ending.abort(reason) } })).rejects.toBe(reason)
    const closing = await bench.start()
    const scan = closing.faults.hold('scan', /^blobs\/00$/)
    const verifying = closing.registry.verify()
    await scan.reached
    const closed = closing.registry.close()
    scan.release()
    await expect(verifying).rejects.toThrow()
    await closed
  })
})

onPairsAtHand('a verification of a registry with something of everything', (open) => {
  it('finds nothing, before a rebuild and after it, and changes nothing', async () => {
    await using bench = await open()
    await fill(bench.registry)
    await setState(bench, 'layer', 'corrupt')
    await pushBlob(bench.registry, 'a', 'layer')
    for (let n = 0; n < 2; n++) {
      const before = await bench.world()
      const { findings, report } = await verified(bench.registry, { deep: true, repair: true })
      expect(findings).toEqual([])
      expect(report).toMatchObject({ repositories: 6, manifests: 11, tags: 9, inPassing: 0 })
      expect(report.bytes).toBeGreaterThan(30)
      expect(await bench.world()).toEqual(before)
      if (n === 0) await bench.rebuild()
    }
    bench.now = Date.now() + 2 * day
    expect(await findingsOf(bench.registry)).toEqual([])
  })
})

onEachPair('a verification of a storage that is not there', (open) => {
  it.each(['went away', 'belongs to another index'])('fails where it %s, and marks nothing', async (what) => {
    await using bench = await open({ untidy: 'the storage is emptied by hand' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const rows = await bench.rows()
    await bench.driver.delete(await bench.keys())
    if (what !== 'went away') await bench.driver.put('registry.json', body('{"layout":1,"index":"another"}'))
    expect(await errorOf(bench.registry.verify({ repair: true }))).toMatchObject({ code: 'UNAVAILABLE' })
    expect(await bench.rows()).toEqual(rows)
  })
})

onEachPair('a verification of an index that lost commits', (open) => {
  it('names what it lost, and mends nothing', async () => {
    await using bench = await open({ failsInBackground: true, untidy: 'rows are taken away by hand' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await pushImage(bench.registry, 'a', 'other', ['{}', 'other'])
    await setState(bench, 'layer', 'corrupt')
    const from = (await bench.row(rowKeys.blob(digestOf('layer'))))!
    await pushBlob(bench.registry, 'a', 'layer')
    await bench.settled()
    const tag = (await bench.row(rowKeys.tag('a', 'other')))!
    await bench.put(rowKeys.tag('a', 'other'), { ...tag, version: tag.version - 1 })
    await bench.put(rowKeys.blob(digestOf('layer')), { ...from, state: 'live' })
    await bench.index.commit([deleteRow(rowKeys.tag('a', 'tag'))])
    const world = await bench.world()
    const findings = await findingsOf(bench.registry, { repair: true })
    const lost = findings.filter(({ kind }) => kind === 'lost-commit')
    expect(lost).toMatchObject([
      { repository: 'a', tag: 'tag', key: expect.stringContaining('/tag/') as string },
      { repository: 'a', tag: 'other', key: expect.stringContaining('/other/') as string },
      { key: expect.stringContaining('!moved-') as string },
    ])
    // Bytes that the lost heal replaced are gone; nothing is done about it here.
    expect(findings.map(({ kind }) => kind).filter((kind) => kind !== 'lost-commit')).toEqual(['blob-damaged', 'row-missing', 'manifest-incomplete'])
    expect(findings.filter(({ repaired, marked }) => repaired ?? marked)).toEqual([])
    expect(await bench.world()).toEqual(world)
  })
})
