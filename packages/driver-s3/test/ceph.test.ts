import { afterAll, beforeAll, expect, it } from 'vitest'
import { s3Driver, sweepAbandonedUploads, type S3DriverOptions } from '../src/index.js'
import { bytes, drained, mebibyte } from './driver-harness.js'
import { optionsFor } from './s3-harness.js'
import { describeWithCeph, startCeph, type Ceph } from '@registry/services/ceph'

describeWithCeph('on the Ceph Object Gateway', () => {
  let ceph: Ceph
  let options: S3DriverOptions
  beforeAll(async () => {
    ceph = await startCeph()
    options = { ...optionsFor({ ...ceph, bucket: 'driver-s3' }), retries: 0, sweep: false }
    await ceph.createBucket('driver-s3')
  }, 120_000)
  afterAll(() => ceph.close(), 120_000)

  it.each<[string, Partial<S3DriverOptions>, string, RegExp]>([
    ['bucket', { bucket: 'elsewhere' }, 'CONFIG', /^bucket: there is no bucket elsewhere at http/],
    ['access key', { accessKey: 'AKNOBODY' }, 'ACCESS_DENIED', /^accessKey: .* does not know the access key AKNOBODY$/],
    ['secret key', { secretKey: 'wrong' }, 'ACCESS_DENIED', /^secretKey: it is not that of the access key AKTEST/],
  ])('a start with the wrong %s says so', async (_, wrong, code, message) => {
    const error: unknown = await s3Driver({ ...options, ...wrong }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string })
  })

  it.each(['when-supported', 'when-required'] as const)('bodies go with checksums %s', async (checksums) => {
    const driver = await s3Driver({ ...options, checksums })
    for (const size of [0, 1000, 17 * mebibyte]) {
      await driver.put('key', bytes(size))
      await using object = await driver.open('key')
      expect(await drained(object.body)).toBe(size)
    }
    await driver.delete(['key', 'other'])
    await driver.close()
  })

  it('what the gateway refuses of how objects are to be stored is named', async () => {
    const driver = await s3Driver({ ...options, encryption: 'AES256' })
    const message = expect.stringContaining('the store refuses encryption AES256') as string
    await expect(driver.put('key', bytes(10))).rejects.toMatchObject({ code: 'CONFIG', message })
    await expect(driver.put('key', bytes(9 * mebibyte))).rejects.toMatchObject({ code: 'CONFIG', message })
    await driver.close()
  })

  it('a URL gives the type and the name that were asked for', async () => {
    const driver = await s3Driver(options)
    await driver.put('a!b/c', bytes(1000))
    const url = await driver.presign?.('a!b/c', { expires: 60, contentType: 'text/x-layer', filename: 'ä b.tar' })
    const answer = await fetch(String(url), { headers: { range: 'bytes=0-9' } })
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([206, 10])
    expect(answer.headers.get('content-type')).toBe('text/x-layer')
    expect(answer.headers.get('content-disposition')).toContain(`filename*=UTF-8''%C3%A4%20b.tar`)
    await driver.close()
  })

  it('a put that fails leaves no parts, and a sweep takes what others left', async () => {
    const driver = await s3Driver(options)
    const put = driver.put('key', (async function* () {
      yield* bytes(20 * mebibyte)
      expect(await sweepAbandonedUploads(options)).toBe(0)
      expect(await sweepAbandonedUploads(options, -60_000)).toBe(1)
      yield* bytes(20 * mebibyte)
    })())
    await expect(put).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: undefined })
    expect(await driver.head('key')).toBeUndefined()
    expect(await sweepAbandonedUploads(options, -60_000)).toBe(0)
    await driver.close()
  })
})
