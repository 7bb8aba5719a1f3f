import { expect, it } from 'vitest'
import { rowKeys } from '../src/keyspace.js'
import { onEachPair } from './support/bench.js'
import { body, imageOf, pushImage, pushManifest, readManifest } from './support/images.js'

const contents = ['{}', 'layer']

onEachPair('a rebuild', (open) => {
  it('waits for as long as processes may go on writing that have not seen it', async () => {
    const policy = { ownershipCheckMilliseconds: 20, ownershipTrustMilliseconds: 1000 }
    await using bench = await open({ policy, exclusive: false })
    await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    await bench.loseIndex()
    let [taken, read] = [Infinity, -Infinity]
    const { registry } = await bench.begin({}, (faults) => {
      // Who looked just before it says whose the storage is now writes for the whole of the trust time.
      faults.interrupt('put', /^registry\.json$/, async () => { taken = performance.now() })
      faults.interrupt('open', /^repositories\//, async () => { read = performance.now() })
    })
    await registry.rebuild!.report
    expect(read - taken).toBeGreaterThanOrEqual(policy.ownershipTrustMilliseconds)
  })

  it('leaves the records before a bad one where they are, for whoever can mend it', async () => {
    await using bench = await open({ untidy: 'a record is bad, and those before it stay' })
    const { manifest } = await pushImage(bench.registry, 'a', 'tag', contents)
    await bench.settled()
    const [older] = await bench.keys('repositories/a/_tags/')
    const bytes = await bench.object(older!)
    await pushManifest(bench.registry, 'a', 'tag', imageOf(contents, { annotations: { n: '2' } }))
    await bench.settled()
    const [highest] = await bench.keys('repositories/a/_tags/')
    expect(highest! > older!).toBe(true)
    await bench.driver.put(older!, body(bytes))
    await bench.driver.put(highest!, body('{'))
    await bench.rebuild()
    expect(await bench.row(rowKeys.tag('a', 'tag'))).toMatchObject({ unreadable: true })
    expect(await bench.keys('repositories/a/_tags/')).toEqual([older, highest])
    // Where nothing else is left to be had, the record before it is that.
    await bench.driver.delete([highest!])
    await bench.rebuild()
    expect(await readManifest(bench.registry, 'a', 'tag')).toBe(manifest.toString())
  })
})
