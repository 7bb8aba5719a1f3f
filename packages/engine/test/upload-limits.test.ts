import { expect, it } from 'vitest'
import { onEachPair } from './support/bench.js'

onEachPair('upload sessions', (open) => {
  it('are opened until there are about as many as the policy allows, and again when some have ended', async () => {
    await using bench = await open({ policy: { uploadSessions: 512 } })
    const { uploads } = bench.registry
    const ids: string[] = []
    let refusal: unknown
    while (refusal === undefined && ids.length < 2000) {
      const started = await uploads.start('a').catch((error: unknown) => {
        refusal = error
        return undefined
      })
      if (started) ids.push(started.id)
    }
    expect(refusal).toMatchObject({ code: 'TOO_MANY' })
    // Three full partitions out of three: by chance that comes once in a hundred thousand runs before this many.
    expect(ids.length).toBeGreaterThan(40)
    expect(ids.length).toBeLessThanOrEqual(512)
    for (const id of ids) await uploads.cancel('a', id)
    expect(await uploads.start('a')).toMatchObject({ offset: 0 })
  })
})
