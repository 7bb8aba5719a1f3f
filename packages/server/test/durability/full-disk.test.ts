import { expect, it, vi } from 'vitest'
import { describeWithTmpfs } from '../support/small-disk.js'
import { contentOf, imageOf } from './support/content.js'
import { type FullDisk, pushImage, startOnSmallDisk } from './support/full-disk.js'
import { pairs } from './support/pairs.js'
import { appendUpload, finishUpload, mountBlob, pushBlob, startUpload } from './support/push-blob.js'
import { pushManifest } from './support/push-manifest.js'
import { randomOf } from './support/random.js'
import { worksOn } from './support/works-on.js'

const random = randomOf(1)
const kibibyte = 1024
const large = contentOf(random.bytes(12 * 1024 * kibibyte))
const small = contentOf(random.bytes(100 * kibibyte))

/** Starts a session with some bytes of a blob that is too large, and resolves with its id. */
async function startLarge({ book, send }: FullDisk): Promise<string> {
  const id = await startUpload(book, send, 'a', large)
  await appendUpload(book, send, { repository: 'a', id, from: 0, to: kibibyte })
  return id
}

describeWithTmpfs('on a disk that becomes full', () => {
  it.each(pairs)('$name refuses what does not fit, goes on reading, and writes when there is room', async (pair) => {
    const full = await startOnSmallDisk(pair, '8m')
    const { disk, book, send } = full
    await pushImage(full, 'a', small, 'old')
    const [appended, finished] = [await startLarge(full), await startLarge(full)]
    await full.refused('a PATCH', () => appendUpload(book, send, { repository: 'a', id: appended, from: kibibyte, to: large.bytes.length }))
    await full.refused('a closing PUT', () => finishUpload(book, send, { repository: 'a', id: finished, from: kibibyte }))
    await full.refused('a POST of a whole blob', () => pushBlob(book, send, 'monolithic', { repository: 'a', blob: large }))
    await full.look()

    await disk.fill()
    await full.refused('a PUT of a manifest', () => pushManifest(book, send, 'a', imageOf([small], 'new'), 'new'))
    await full.refused('the start of a session', () => startUpload(book, send, 'a', small))
    await full.refused('a mount', () => mountBlob(book, send, { repository: 'b', digest: small.digest, from: 'a' }))
    await full.refused('a move of a tag', () => pushManifest(book, send, 'a', imageOf([small], 'old'), 'moved'))
    await full.look()
    expect((await send('GET', '/readyz')).status, 'status of /readyz while the disk is full').toBe(200)

    await disk.makeRoom()
    await worksOn(send)
    await pushImage(full, 'a', contentOf(random.bytes(kibibyte)), 'new')
    await full.look()
  })

  it.each(pairs)('$name loses nothing wherever in a push there is no room left', async (pair) => {
    const full = await startOnSmallDisk(pair, '8m')
    const { disk, send } = full
    await pushImage(full, 'a', small, 'old')
    const done: boolean[] = []
    for (let keep = 0; keep <= 240; keep += 12) {
      await disk.fill(keep * kibibyte)
      const layer = contentOf(random.bytes(10 * kibibyte))
      done.push(await full.fits(`a push with ${keep} KiB left`, () => pushImage(full, 'a', layer, `tag-${keep}`)))
      await full.look()
      await disk.makeRoom()
      // Again, and whole, as the client would.
      await pushImage(full, 'a', layer, `tag-${keep}`)
    }
    expect(new Set(done), 'pushes that fit, and pushes that do not').toEqual(new Set([false, true]))
    await full.restart()
    await full.look()
    await worksOn(send)
  })

  it.each(pairs)('$name leaves nothing that grows with each attempt', async (pair) => {
    const full = await startOnSmallDisk(pair, '8m')
    const { disk, book, send } = full
    await pushImage(full, 'a', small, 'old')
    const id = await startLarge(full)
    const attempt = async (): Promise<void> => {
      await full.refused('a PATCH', () => appendUpload(book, send, { repository: 'a', id, from: kibibyte, to: large.bytes.length }))
      await full.refused('a closing PUT', () => finishUpload(book, send, { repository: 'a', id, from: kibibyte }))
      await full.look()
    }
    const before = await disk.used()
    for (let n = 0; n < 6; n++) await attempt()
    await vi.waitFor(async () => {
      expect((await disk.used()) - before, 'bytes that six attempts have left').toBeLessThan(200 * kibibyte)
    })
  })
})
