import { RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import { defaultPolicy } from '../src/index.js'
import { blobObjectKey, rowKeys } from '../src/keyspace.js'
import type { Rebuild } from '../src/rows.js'
import { type Bench, errorOf, nthVersion, onEachPair, type Process } from './support/bench.js'
import { body, broken, digestOf, imageOf, pushBlob, pushImage, pushManifest, readBlob, readManifest } from './support/images.js'

const day = 86_400_000
const contents = ['{}', 'layer']

/** Storage tells real times: the clock goes to where what is put now is older than a day. */
function goPastToday(bench: Bench): void {
  bench.now = Date.now() + day + 60_000
}

onEachPair('an upload session', (open) => {
  it('that expired is ended with everything that was stored for it, also what no row got to name', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.append('a', id, body('half'))
    const dying = await bench.start()
    const commit = dying.faults.hold('commit', /^put uploads\//)
    void dying.registry.uploads.append('a', id, body('never named')).catch(() => undefined)
    await commit.reached
    dying.kill()
    expect(await bench.blobKeys()).toHaveLength(2)
    bench.now += defaultPolicy.uploadMilliseconds + 1
    expect(await bench.registry.sweep()).toMatchObject({ expiredUploads: 1 })
    await bench.settled()
    expect(await bench.blobKeys()).toEqual([])
    expect(await bench.rows('uploads/')).toEqual({})
    expect(await errorOf(bench.registry.uploads.status('a', id))).toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' })
  })

  it('that goes on is kept', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    bench.now += defaultPolicy.uploadMilliseconds - 1
    await bench.registry.uploads.append('a', id, body('half'))
    bench.now += defaultPolicy.uploadMilliseconds - 1
    expect(await bench.registry.sweep()).toMatchObject({ expiredUploads: 0 })
    await bench.registry.uploads.append('a', id, body(' and half'))
    await bench.registry.uploads.finish('a', id, { digest: digestOf('half and half') })
    expect(await readBlob(bench.registry, 'a', digestOf('half and half'))).toBe('half and half')
  })

  it('that is closed at the last moment is not ended', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    await bench.registry.uploads.append('a', id, body('whole'))
    const other = await bench.start()
    const closing = bench.faults.hold('commit', /^delete uploads\//)
    const finished = bench.registry.uploads.finish('a', id, { digest: digestOf('whole') })
    await closing.reached
    bench.now += defaultPolicy.uploadMilliseconds + 1
    const ending = other.faults.hold('commit', /^delete uploads\//)
    const swept = other.registry.sweep()
    await ending.reached
    closing.release()
    await finished
    ending.release()
    expect(await swept).toMatchObject({ expiredUploads: 0 })
    expect(await readBlob(bench.registry, 'a', digestOf('whole'))).toBe('whole')
  })
})

onEachPair('a manifest push', (open) => {
  it('whose process died is ended when it expires, with its text', async () => {
    await using bench = await open({ untidy: 'the edges of a push that died wait for the collector' })
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const dying = await bench.start()
    const commit = dying.faults.hold('commit', /^put manifests\//)
    const manifest = imageOf(contents, { annotations: { note: 'x'.repeat(500_000) } })
    void pushManifest(dying.registry, 'a', 'tag', manifest).catch(() => undefined)
    await commit.reached
    dying.kill()
    expect(await bench.blobKeys()).toHaveLength(3)
    expect(await bench.registry.sweep()).toMatchObject({ expiredPushes: 0 })
    bench.now += defaultPolicy.pushMilliseconds + 1
    expect(await bench.registry.sweep()).toMatchObject({ expiredPushes: 1 })
    await bench.settled()
    expect(await bench.blobKeys()).toHaveLength(2)
    expect(await bench.rows('pushes/')).toEqual({})
    // Its edges hold nobody up.
    await bench.registry.blobs.delete('a', digestOf('layer'))
  })

  it('that lives on after it was ended begins again', async () => {
    await using bench = await open()
    for (const content of contents) await pushBlob(bench.registry, 'a', content)
    const commit = bench.faults.hold('commit', /^put manifests\//)
    const manifest = imageOf(contents)
    const push = pushManifest(bench.registry, 'a', 'tag', manifest)
    await commit.reached
    bench.now += defaultPolicy.pushMilliseconds + 1
    await bench.start()
    expect(await bench.rows('pushes/')).toEqual({})
    // It tries again for some seconds of this clock.
    bench.now -= defaultPolicy.pushMilliseconds
    commit.release()
    await push
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
  })
})

onEachPair('a tombstone', (open) => {
  it('is removed with its record a day later, and not before', async () => {
    await using bench = await open()
    const { digest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.repositories.delete('a')
    await bench.settled()
    bench.now += defaultPolicy.tombstoneMilliseconds - 1
    expect(await bench.registry.sweep()).toMatchObject({ removedTombstones: 0 })
    expect(await bench.keys('repositories/')).toHaveLength(3)
    bench.now += 1
    expect(await bench.registry.sweep()).toMatchObject({ removedTombstones: 3 })
    expect(await bench.keys('repositories/')).toEqual([])
    for (const kind of ['buried/', 'tags/', 'repositories/', 'manifests/']) expect(await bench.rows(kind), kind).toEqual({})
    expect(await errorOf(bench.registry.manifests.delete('a', digest))).toMatchObject({ code: 'NAME_UNKNOWN' })
  })

  it('takes the records along that it overrules, and goes last', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.tags.delete('a', 'tag')
    await bench.settled()
    const [own] = await bench.keys('repositories/a/_tags/')
    // One that a process left which died.
    const older = own!.replace(/\d{20}$/, '1'.padStart(20, '0'))
    await bench.driver.put(older, body('{}'))
    bench.now += defaultPolicy.tombstoneMilliseconds
    bench.faults.forget()
    await bench.registry.sweep()
    expect(bench.faults.calls.filter(({ operation }) => operation === 'delete').map(({ keys }) => keys)).toEqual([[older], [own]])
  })

  it('stays until it is alone: a record may come late, of a process that was slow', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.tags.delete('a', 'tag')
    await bench.settled()
    const [own] = await bench.keys('repositories/a/_tags/')
    const [older, late] = ['1', '2'].map((version) => own!.replace(/\d{20}$/, version.padStart(20, '0')))
    await bench.driver.put(older!, body('{}'))
    bench.now += defaultPolicy.tombstoneMilliseconds
    bench.faults.interrupt('delete', /\/tag\/0+1$/, async () => { await bench.driver.put(late!, body('{}')) })
    expect(await bench.registry.sweep()).toMatchObject({ removedTombstones: 1 })
    expect(await bench.keys('repositories/a/_tags/')).toEqual([])
  })

  it('of a row that was put again stays away from it', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.tags.delete('a', 'tag')
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    await bench.settled()
    bench.now += defaultPolicy.tombstoneMilliseconds
    expect(await bench.registry.sweep()).toMatchObject({ removedTombstones: 0 })
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    expect(await bench.rows('buried/')).toEqual({})
  })

  it('of a row that is put again while it is removed is not missed', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.tags.delete('a', 'tag')
    await bench.settled()
    const other = await bench.start()
    bench.now += defaultPolicy.tombstoneMilliseconds
    const removal = other.faults.hold('commit', /^delete tags\//)
    const swept = other.registry.sweep()
    await removal.reached
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    removal.release()
    expect(await swept).toMatchObject({ removedTombstones: 0 })
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: nthVersion(3) })
  })

  it('leaves versions that never come back', async () => {
    await using bench = await open()
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.registry.tags.delete('a', 'tag')
    await bench.settled()
    bench.now += defaultPolicy.tombstoneMilliseconds
    await bench.registry.sweep()
    await pushManifest(bench.registry, 'a', 'tag', manifest)
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ version: bench.now })
  })
})

onEachPair('an object that nothing names', (open) => {
  it('is deleted when it is older than a day, and nothing else is', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await pushImage(bench.registry, 'a', 'large', contents, { annotations: { note: 'x'.repeat(500_000) } })
    await bench.settled()
    const named = await bench.blobKeys()
    const orphan = blobObjectKey('0'.repeat(32), 0, 'abcdef01')
    const sibling = `${named[0]!}0`
    for (const key of [orphan, sibling]) await bench.driver.put(key, body('left'))
    bench.now = Date.now() + day - 60_000
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 0 })
    goPastToday(bench)
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 2 })
    await bench.settled()
    expect(await bench.blobKeys()).toEqual(named)
  })

  it('is kept where no registry has put it, and keeps nothing else', async () => {
    await using bench = await open({ untidy: 'somebody put objects' })
    const foreign = ['blobs/00/x', 'blobs/00/-x', 'blobs/00/readme.txt']
    for (const key of [...foreign, blobObjectKey('0'.repeat(32), 0, 'abcdef01')]) await bench.driver.put(key, body('foreign'))
    goPastToday(bench)
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 1 })
    await bench.settled()
    expect(await bench.blobKeys()).toEqual(foreign.sort())
  })

  it('is kept where a row leads from it to a blob that the index has lost, by a verification that mends as well', async () => {
    await using bench = await open({ untidy: 'a row is lost' })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const named = await bench.blobKeys()
    await bench.index.commit([{ op: 'delete', key: rowKeys.blob(digestOf('layer')) }])
    goPastToday(bench)
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 0 })
    const kinds: string[] = []
    await bench.registry.verify({ repair: true, onFinding: ({ kind }) => void kinds.push(kind) })
    await bench.settled()
    expect(kinds).toEqual(['manifest-incomplete'])
    expect(await bench.blobKeys()).toEqual(named)
  })

  it('is kept while its session is there, which may yet name it', async () => {
    await using bench = await open()
    goPastToday(bench)
    const { id } = await bench.registry.uploads.start('a')
    const commit = bench.faults.hold('commit', /^put uploads\//)
    const append = bench.registry.uploads.append('a', id, body('whole'))
    await commit.reached
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 0 })
    commit.release()
    await append
    await bench.registry.uploads.finish('a', id, { digest: digestOf('whole') })
    expect(await readBlob(bench.registry, 'a', digestOf('whole'))).toBe('whole')
  })

  it('is no record of replaced objects: without it a rebuild does not find the bytes that healed a blob', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    const key = rowKeys.blob(digestOf('layer'))
    await bench.put(key, { ...(await bench.row(key))!, state: 'corrupt' })
    await pushBlob(bench.registry, 'a', 'layer')
    await bench.settled()
    goPastToday(bench)
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 0 })
    await bench.rebuild()
    expect(await readBlob(bench.registry, 'a', digestOf('layer'))).toBe('layer')
  })

  it('is kept after a rebuild that left something out', async () => {
    await using bench = await open({ untidy: 'an object is put by hand' })
    await bench.driver.put(blobObjectKey('0'.repeat(32), 0, 'abcdef01'), body('left'))
    const counts = { repositories: 0, manifests: 0, tags: 0, blobs: 0 }
    const rebuild: Rebuild = { state: 'complete', phase: 'complete', started: 0, done: 1, total: 1, counts, problems: 1 }
    await bench.put(rowKeys.rebuild(), rebuild)
    goPastToday(bench)
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 0 })
    await bench.put(rowKeys.rebuild(), { ...rebuild, problems: 0 })
    expect(await bench.registry.sweep()).toMatchObject({ unnamedObjects: 1 })
  })
})

onEachPair('a note', (open) => {
  it('is left to whoever wrote it for a minute', async () => {
    await using bench = await open()
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const dying = await bench.start()
    const record = dying.faults.hold('put', /_tags\//)
    void dying.registry.tags.delete('a', 'tag').catch(() => undefined)
    await record.reached
    dying.kill()
    bench.now += defaultPolicy.noteMilliseconds - 1
    await bench.registry.sweep()
    expect(Object.keys(await bench.rows('due/'))).toHaveLength(1)
    bench.now += 1
    await bench.registry.sweep()
    await bench.settled()
    expect(await bench.rows('due/')).toEqual({})
  })
})

onEachPair('a sweep', (open) => {
  it('does everything else where something fails, and says what', async () => {
    await using bench = await open()
    const one = await bench.registry.uploads.start('a')
    const other = await bench.registry.uploads.start('a')
    await errorOf(bench.registry.uploads.append('a', one.id, broken(new RegistryError('INTERNAL', 'cut'), 'bytes')))
    bench.now += defaultPolicy.uploadMilliseconds + 1
    bench.faults.fail('commit', new RegExp(`^delete uploads/${one.id.slice(0, 2)} ${one.id}`), new RegistryError('UNAVAILABLE', 'away'))
    await expect(bench.registry.sweep()).rejects.toThrow('away')
    await bench.settled()
    expect(await bench.row(rowKeys.upload(other.id))).toBeUndefined()
    expect(await bench.registry.sweep()).toMatchObject({ expiredUploads: 1 })
  })

  it('stops where the registry is closed, and the next start goes on', async () => {
    await using bench = await open()
    const { digest, manifest } = await pushImage(bench.registry, 'a', 'tag', contents)
    for (let n = 0; n < 60; n++) await pushManifest(bench.registry, 'a', `tag-${n}`, manifest)
    await bench.settled()
    const closing = await bench.start()
    const page = closing.faults.hold('scan', /^tagged\//)
    await closing.registry.manifests.delete('a', digest)
    await page.reached
    const closed = closing.registry.close()
    page.release()
    await closed
    // One page of tags is gone, the others are not.
    expect(closing.faults.count('scan', /^tagged\//)).toBe(1)
    expect(Object.keys(await bench.rows('tagged/'))).toHaveLength(36)
    await bench.start()
    expect(await bench.rows('tagged/')).toEqual({})
    expect(await bench.rows('sweeps/')).toEqual({})
  })

  it('comes by itself, in rounds, and of two processes one does it', async () => {
    await using bench = await open()
    const { id } = await bench.registry.uploads.start('a')
    const policy = { roundMilliseconds: 5 }
    const working = await bench.start({ policy })
    const ended = working.faults.hold('commit', /^delete uploads\//)
    bench.now += defaultPolicy.uploadMilliseconds + 1
    await ended.reached
    ended.release()
    // However far its time of day is ahead: it goes by its own clock that never goes back, and that stands still.
    const idle = await bench.start({ policy, monotonic: () => 0 })
    bench.now += defaultPolicy.uploadMilliseconds
    await nextLookAtLease(idle)
    await nextLookAtLease(idle)
    expect(idle.faults.count('scan', /^uploads\//)).toBe(0)
    await working.registry.settled()
    expect(await bench.row(rowKeys.upload(id))).toBeUndefined()
  })

  it('is not taken over from a process that moves its lease, however long it has it', async () => {
    await using bench = await open()
    const policy = { roundMilliseconds: 5 }
    const working = await bench.start({ policy })
    await nextLookAtLease(working)
    await nextLookAtLease(working)
    let clock = 0
    const idle = await bench.start({ policy, monotonic: () => clock })
    for (let round = 0; round < 4; round++) {
      await nextLookAtLease(idle)
      await nextLookAtLease(idle)
      clock += 9
      await nextLookAtLease(working)
      await nextLookAtLease(working)
    }
    expect(idle.faults.count('commit', /^put system worker/)).toBe(0)
  })

  it('is taken over from a process that does not move its lease for two rounds, on the clock of the one that looks', async () => {
    await using bench = await open()
    const dead = await bench.start({ policy: { roundMilliseconds: 5 } })
    const taken = dead.faults.hold('commit', /^put system worker/)
    await taken.reached
    taken.release()
    await dead.registry.settled()
    dead.kill()
    let clock = 0
    const next = await bench.start({ policy: { roundMilliseconds: 5 }, monotonic: () => clock })
    // When the second begins, the first is over.
    await nextLookAtLease(next)
    await nextLookAtLease(next)
    clock = 9
    await nextLookAtLease(next)
    await nextLookAtLease(next)
    expect(next.faults.count('commit', /^put system worker/)).toBe(0)
    const over = next.faults.hold('commit', /^put system worker/)
    clock = 10
    await over.reached
    over.release()
  })
})

/** Until a process has looked whether another one works. */
async function nextLookAtLease({ faults }: Process): Promise<void> {
  const look = faults.hold('get', /^system worker$/)
  await look.reached
  look.release()
}
