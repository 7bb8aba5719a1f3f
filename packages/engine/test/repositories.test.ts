import { expect, it } from 'vitest'
import { onEachPair } from './support/bench.js'
import { pushImage } from './support/images.js'

onEachPair('repositories', (open) => {
  it('are listed in byte order, in pages of every size', async () => {
    await using bench = await open()
    const names = ['a', 'a-b', 'a/b', 'a/b/c', 'a0', 'b', '0', 'a.b', 'a_b']
    for (const name of names) await pushImage(bench.registry, name, 'tag', ['{}'])
    const sorted = names.map((name) => Buffer.from(name)).sort((one, other) => one.compare(other)).map(String)
    for (let limit = 1; limit <= 10; limit++) {
      for (const [n, after] of [undefined, ...sorted].entries()) {
        const page = await bench.registry.repositories.list({ limit, after })
        expect(page).toEqual({ repositories: sorted.slice(n, n + limit), more: n + limit < sorted.length })
      }
    }
    expect(await bench.registry.repositories.list({ limit: 0 })).toEqual({ repositories: [], more: false })
  })

  it('that were deleted are left out, without shorter pages', async () => {
    await using bench = await open()
    for (const name of ['a', 'b', 'c', 'd']) await pushImage(bench.registry, name, 'tag', ['{}'])
    for (const name of ['a', 'c']) await bench.registry.repositories.delete(name)
    expect(await bench.registry.repositories.list({ limit: 1 })).toEqual({ repositories: ['b'], more: true })
    expect(await bench.registry.repositories.list({ limit: 2 })).toEqual({ repositories: ['b', 'd'], more: false })
  })
})
