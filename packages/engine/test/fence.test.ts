import { expect, it, vi } from 'vitest'
import { type Bench, errorOf, onEachPair } from './support/bench.js'
import { type Held, signal } from './support/faults.js'
import { body, digestOf, imageOf, pushBlob, pushImage, pushManifest, readBlob, readManifest } from './support/images.js'

const policy = { ownershipCheckMilliseconds: 5, ownershipTrustMilliseconds: 15_000 }
const late = 15_001

/** The storage keeps looks waiting that begin from now on. */
async function keepLooksWaiting(bench: Bench): Promise<() => void> {
  const look = bench.faults.hold('open', /^registry\.json$/)
  await look.reached
  return look.release
}

onEachPair('a process that has not seen for a while whether the storage is its own', (open) => {
  it('writes nothing, reads on, and writes again once it sees it', async () => {
    await using bench = await open({ policy })
    const { registry } = bench
    const { manifest } = await pushImage(registry, 'a', 'tag', ['{}'])
    await bench.settled()
    const release = await keepLooksWaiting(bench)
    bench.elapsed += late
    const objects = await bench.keys()
    const writes = [pushBlob(registry, 'a', 'x'), pushManifest(registry, 'a', 'other', manifest), registry.tags.delete('a', 'tag')]
    for (const error of await Promise.all(writes.map(errorOf))) expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
    expect(await readManifest(registry, 'a', 'tag')).toBe(manifest.toString())
    expect(await readBlob(registry, 'a', digestOf('{}'))).toBe('{}')
    expect(await bench.keys()).toEqual(objects)
    release()
    await bench.registry.check()
    await pushManifest(registry, 'a', 'other', manifest)
  })

  it('counts the time from the beginning of the look', async () => {
    await using bench = await open({ policy })
    const release = await keepLooksWaiting(bench)
    bench.elapsed += late
    const next = bench.faults.hold('open', /^registry\.json$/)
    release()
    await next.reached
    expect(await errorOf(bench.registry.uploads.start('a'))).toMatchObject({ code: 'UNAVAILABLE' })
    next.release()
  })

  it('promises nothing on a record that was put too late', async () => {
    await using bench = await open({ policy })
    await pushBlob(bench.registry, 'a', '{}')
    const put = bench.faults.hold('put', /_tags\//)
    const push = errorOf(pushManifest(bench.registry, 'a', 'tag', imageOf(['{}'])))
    await put.reached
    await vi.waitFor(() => { expect(bench.faults.count('put', /_(?:repository|manifests)\//)).toBe(2) })
    const release = await keepLooksWaiting(bench)
    bench.elapsed += late
    put.release()
    expect(await push).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    release()
    await bench.registry.check()
    await pushManifest(bench.registry, 'a', 'tag', imageOf(['{}']))
  })

  it('tells once that it cannot see it', async () => {
    await using bench = await open({ policy, failsInBackground: true })
    for (let n = 0; n < 3; n++) bench.faults.fail('open', /^registry\.json$/, new Error('no route'))
    while (bench.faults.unmet().length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(bench.backgroundErrors).toMatchObject([{ code: 'UNAVAILABLE' }])
  })
})

onEachPair('a process whose storage another index took over', (open) => {
  it('never writes again, says so once, and reads on', async () => {
    await using bench = await open({ policy, failsInBackground: true })
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.settled()
    const owner = await bench.object('registry.json')
    await bench.driver.put('registry.json', body(JSON.stringify({ layout: 1, index: 'another' })))
    while (bench.backgroundErrors.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    // Even where it is taken back: what happened in between this process does not know.
    await bench.driver.put('registry.json', body(owner))
    expect(await errorOf(pushBlob(bench.registry, 'a', 'x'))).toMatchObject({ code: 'UNAVAILABLE', retryable: false, cause: { code: 'CONFIG' } })
    expect(await errorOf(bench.registry.check())).toMatchObject({ code: 'CONFIG', detail: { reason: 'TAKEN_OVER' } })
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    expect(bench.backgroundErrors).toMatchObject([{ code: 'CONFIG' }])
  })

  it('writes nothing that a rebuild does not find', async () => {
    await using bench = await open({
      exclusive: false,
      failsInBackground: true,
      untidy: 'a record that was put too late, and that nobody was promised, may stay',
      policy: { ownershipCheckMilliseconds: 20, ownershipTrustMilliseconds: 1500 },
    })
    const old = bench.registry
    await pushBlob(old, 'a', '{}')
    const answered: string[] = []
    const push = async (n: number): Promise<void> => {
      await pushManifest(old, 'a', `tag${n}`, imageOf(['{}']))
      answered.push(`tag${n}`)
      await push(n + 1)
    }
    const pushing = errorOf(push(0))
    await vi.waitFor(() => { expect(answered).not.toEqual([]) })
    // It writes for as long as it may: it does not get to see that the storage is another's.
    await keepLooksWaiting(bench)
    await bench.storages.loseIndex()
    const rebuilt = await bench.start()
    await pushing
    // One more may be there whose answer was lost.
    const found = (await rebuilt.registry.tags.list('a', { limit: answered.length + 1 })).tags
    expect(answered.filter((tag) => !found.includes(tag))).toEqual([])
  })

  it('does not take it back at its next start, though its own rebuild was not complete', async () => {
    await using bench = await open({ policy, failsInBackground: true, untidy: 'the index is half rebuilt' })
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.settled()
    await bench.loseIndex()
    expect(await bench.startDying(12, 'after')).toBe('died')
    await bench.driver.put('registry.json', body(JSON.stringify({ layout: 1, index: 'another' })))
    expect(await errorOf(bench.begin())).toMatchObject({ code: 'CONFIG', message: expect.stringContaining('registry rebuild') as string })
    expect(await bench.record('registry.json')).toEqual({ layout: 1, index: 'another' })
  })
})

onEachPair('while an index is rebuilt', (open) => {
  it('everything is unavailable, nothing unknown, and it says why', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.settled()
    await bench.loseIndex()
    const reached = signal()
    const go = signal()
    const { registry } = await bench.begin({ arrange: (faults) => { faults.interrupt('open', /_tags\//, async () => { reached.give(); await go.given }) } })
    await reached.given
    const refusal = { code: 'UNAVAILABLE', retryable: true, detail: { reason: 'REBUILDING', phase: 'records', done: 0, total: 3 } }
    const { manifests, tags, uploads, blobs } = registry
    const calls = [
      readManifest(registry, 'a', 'tag'),
      readManifest(registry, 'b', 'tag'),
      tags.list('a', { limit: 1 }),
      uploads.start('a'),
      blobs.stat('a', digestOf('x')),
      manifests.push('a', { kind: 'tag', tag: 'x' }, imageOf(['{}'])),
      registry.repositories.list({ limit: 1 }),
      registry.check(),
    ]
    for (const error of await Promise.all(calls.map(errorOf))) expect(error).toMatchObject(refusal)
    go.give()
    await registry.rebuild!.report
    await registry.check()
    expect((await tags.list('a', { limit: 1 })).tags).toEqual(['tag'])
  })

  it('one process works, the others wait, and all answer in the end', async () => {
    await using bench = await open({ policy: { ownershipCheckMilliseconds: 10 } })
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.settled()
    await bench.loseIndex()
    const processes = await Promise.all([1, 2, 3].map(() => bench.begin({ exclusive: false, policy: { ownershipCheckMilliseconds: 10, ownershipTrustMilliseconds: 400 } })))
    for (const { registry } of processes) await registry.rebuild?.report
    expect(processes.filter(({ faults }) => faults.count('open', /_tags\//) > 0)).toHaveLength(1)
    for (const { registry } of processes) expect((await registry.tags.list('a', { limit: 1 })).tags).toEqual(['tag'])
  })

  it('who was taken for dead and replaced puts nothing over what came after', async () => {
    const quick = { ownershipCheckMilliseconds: 10, ownershipTrustMilliseconds: 1500 }
    await using bench = await open({ policy: quick, exclusive: false })
    await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.settled()
    await bench.loseIndex()
    let slow: Held | undefined
    const first = await bench.begin({ arrange: (faults) => { slow = faults.hold('commit', /^put (?:manifests|tags)\//) } })
    while (first.faults.unmet().length > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const second = await bench.start()
    await pushImage(second.registry, 'a', 'tag', ['{}', 'newer'])
    slow!.release()
    // Looked at by itself: whoever had put its rows might find the newer records next, and mend it.
    expect(await errorOf(slow!.outcome)).toMatchObject({ code: 'CONFLICT' })
    await first.registry.rebuild!.report
    for (const { registry } of [first, second]) expect(await readManifest(registry, 'a', 'tag')).toBe(imageOf(['{}', 'newer']).toString())
  })

  it('it can be closed, and a later start goes on', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', ['{}'])
    await bench.settled()
    await bench.loseIndex()
    const { registry } = await bench.begin({ exclusive: false })
    await registry.close()
    expect(await errorOf(registry.rebuild!.report)).toMatchObject({ code: 'CLOSED' })
    bench.registry = (await bench.start()).registry
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
  })
})
