import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { bytes, mebibyte, startDriver } from './driver-harness.js'

it('a put takes no more of its body than may be sent at once', async () => {
  const { server, driver } = await startDriver({ concurrency: 2 }, { keepBodies: false })
  server.inject({ kind: 'hang', operation: 'UploadPart', times: 99 })
  let taken = 0
  const controller = new AbortController()
  const put = driver.put('key', (async function* () {
    for await (const chunk of bytes(200 * mebibyte)) {
      taken += chunk.byteLength
      yield chunk
    }
  })(), { signal: controller.signal })
  await expect.poll(() => server.counts().UploadPart).toBe(2)
  await sleep(200)
  expect(taken).toBeLessThanOrEqual(17 * mebibyte)
  server.inject({ kind: 'error', code: 'NoSuchUpload', operation: 'AbortMultipartUpload' })
  controller.abort(new Error('enough'))
  await expect(put).rejects.toThrow('enough')
})

it('puts that wait for memory come to their end, however little one of them needs', async () => {
  const { server, driver } = await startDriver({ bufferBytes: 16 * mebibyte, retries: 0 }, { keepBodies: false })
  server.inject({ kind: 'slow', milliseconds: 20, operation: 'PutObject', times: 999 })
  const sizes = [70_000, ...Array.from({ length: 12 }, () => 12 * mebibyte), 70_000]
  await Promise.all(sizes.map((size, number) => driver.put(`key/${number}`, bytes(size))))
  expect(server.objects()).toHaveLength(sizes.length)
}, 120_000)

it('a small put waits for nobody’s memory', async () => {
  const { driver } = await startDriver({ bufferBytes: 8 * mebibyte }, { keepBodies: false })
  const controller = new AbortController()
  let resting: Promise<unknown> | undefined
  await new Promise<void>((resolve) => {
    resting = driver.put('resting', (async function* () {
      yield* bytes(5 * mebibyte)
      resolve()
      await sleep(3_600_000, undefined, { signal: controller.signal })
    })())
  })
  await driver.put('small', bytes(64 * 1024))
  expect(await driver.head('small')).toMatchObject({ size: 64 * 1024 })
  controller.abort()
  await expect(resting).rejects.toThrow('aborted')
})

it('many puts take no more memory than there is for all of them, and all come to their end', async () => {
  const { server, driver } = await startDriver({ bufferBytes: 16 * mebibyte }, { keepBodies: false })
  server.inject({ kind: 'slow', milliseconds: 1, operation: 'UploadPart', times: 999 })
  let sent = 0
  const puts = Array.from({ length: 20 }, async (_, number) => driver.put(`key/${number}`, (async function* () {
    for await (const chunk of bytes(12 * mebibyte)) {
      sent += chunk.byteLength
      yield chunk
      await sleep(0)
    }
  })()))
  await Promise.all(puts)
  expect(sent).toBe(240 * mebibyte)
  expect(server.objects().map(({ size }) => size)).toEqual(Array.from({ length: 20 }, () => 12 * mebibyte))
}, 120_000)
