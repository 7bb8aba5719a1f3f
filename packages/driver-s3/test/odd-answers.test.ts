import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Driver } from '@registry/core'
import { s3Driver, sweepAbandonedUploads } from '../src/index.js'
import { bytes, drained, keysOf, mebibyte, startDriver, startServer } from './driver-harness.js'
import { optionsFor } from './s3-harness.js'

/** A body of XML, and its status where that is not 200. */
type Answer = string | { readonly status: number; readonly body: string }

/** A driver on a store that answers the start, and everything else with the next of these; and what it was asked. */
async function startScripted(...answers: readonly Answer[]): Promise<{ readonly driver: Driver; readonly asked: readonly string[] }> {
  const left: Answer[] = ['<ListBucketResult><Name>b</Name><MaxKeys>1</MaxKeys></ListBucketResult>', ...answers]
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url?.replace(/\?.*/, '') ?? ''}`)
    const answer = left.shift() ?? ''
    const { status, body } = typeof answer === 'string' ? { status: 200, body: answer } : answer
    request.resume().on('end', () => response.writeHead(status).end(body))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const driver = await s3Driver({ endpoint, bucket: 'b', accessKey: 'a', secretKey: 's', sweep: false })
  onTestFinished(async () => {
    await driver.close()
    server.closeAllConnections()
    server.close()
  })
  asked.length = 0
  return { driver, asked }
}

const refused = (key: string, code: string): string => `<DeleteResult><Error><Key>registry/${key}</Key><Code>${code}</Code></Error></DeleteResult>`

describe('a deletion of many', () => {
  it('fails where the store refuses one of them', async () => {
    const { driver } = await startScripted(refused('b', 'AccessDenied'), { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' })
    await expect(driver.delete(['a', 'b'])).rejects.toMatchObject({ code: 'ACCESS_DENIED', operation: 'delete', key: 'b' })
  })

  it.each(['SlowDown', 'UnknownError'])('tries again what fails in passing: %s', async (code) => {
    const { driver, asked } = await startScripted(refused('b', code))
    await driver.delete(['a', 'b'])
    expect(asked).toEqual(['POST /b/', 'DELETE /b/registry/b'])
  })
})

describe('a list', () => {
  it('that comes in another order is refused, and not taken for whole', async () => {
    const objects = ['b', 'a'].map((key) => `<Contents><Key>registry/${key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`)
    const { driver } = await startScripted(`<ListBucketResult>${objects.join('')}</ListBucketResult>`)
    await expect(keysOf(driver)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })

  it('leaves out what others put beside the objects', async () => {
    const { server, driver } = await startDriver()
    for (const key of ['registry/ours', 'registry/Not ours', 'registry/', 'registryelse/a', 'other']) server.write(key, Buffer.from('x'))
    expect(await keysOf(driver)).toEqual(['ours'])
  })
})

describe('a put in parts', () => {
  it('joins them in their order, however they come through', async () => {
    const { server, driver } = await startDriver()
    server.inject({ kind: 'slow', milliseconds: 5, operation: 'UploadPart', matches: ({ query }) => query.get('partNumber') === '1' })
    await driver.put('key', bytes(20 * mebibyte))
    await using object = await driver.open('key')
    expect(await drained(object.body)).toBe(20 * mebibyte)
  })

  it('whose parts are gone does not take an older object of its size for its own', async () => {
    const { server, driver } = await startDriver()
    const other = async function* (): AsyncGenerator<Uint8Array, void> {
      yield Buffer.alloc(9 * mebibyte, 'other')
    }
    await driver.put('key', other())
    server.inject({ kind: 'error', code: 'NoSuchUpload', operation: 'CompleteMultipartUpload' })
    await expect(driver.put('key', bytes(9 * mebibyte))).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  })
})

it('a put that the store refuses has certainly not happened', async () => {
  const { server, driver } = await startDriver({ retries: 0 })
  for (const [size, operation] of [[10, 'PutObject'], [9 * mebibyte, 'CompleteMultipartUpload']] as const) {
    server.inject({ kind: 'error', code: 'AccessDenied', operation })
    await expect(driver.put('key', bytes(size))).rejects.toMatchObject({ code: 'ACCESS_DENIED', outcome: undefined })
  }
})

it('bodies carry no checksum beside the signature that a store may not know, unless they are to', async () => {
  for (const [checksums, expected] of [[undefined, false], ['when-supported', true]] as const) {
    const { server, driver } = await startDriver(checksums === undefined ? {} : { checksums })
    await driver.put('key', bytes(10))
    const { headers = {} } = server.requests.at(-1) ?? {}
    expect(Object.keys(headers).some((name) => /checksum|trailer/.test(name))).toBe(expected)
  }
})

it('a sweep leaves the uploads of others alone', async () => {
  const server = await startServer({ signatures: false })
  for (const name of ['registry/mine', 'registry/Somebody%20Else.tar']) await fetch(`${server.endpoint}/${server.bucket}/${name}?uploads`, { method: 'POST' })
  expect(await sweepAbandonedUploads(optionsFor(server), -1000)).toBe(1)
  expect(server.uploads().map(({ key }) => key)).toEqual(['registry/Somebody Else.tar'])
})

it('a sweep goes on where another one was faster', async () => {
  const { server, driver } = await startDriver()
  server.inject({ kind: 'error', code: 'AccessDenied', operation: 'AbortMultipartUpload', times: 2 })
  const broken = async function* (): AsyncGenerator<Uint8Array, void> {
    yield* bytes(9 * mebibyte)
    throw new Error('broken')
  }
  for (const key of ['a', 'b']) await expect(driver.put(key, broken())).rejects.toThrow('broken')
  server.ageUploads(25 * 60 * 60 * 1000)
  server.inject({ kind: 'error', code: 'NoSuchUpload', operation: 'AbortMultipartUpload' })
  expect(await sweepAbandonedUploads(optionsFor(server))).toBe(1)
  expect(server.uploads().map(({ key }) => key)).toEqual(['registry/a'])
})
