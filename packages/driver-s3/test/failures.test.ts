import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RegistryError, type Driver } from '@registry/core'
import { s3Driver, sweepAbandonedUploads } from '../src/index.js'
import { bytes, drained, keysOf, mebibyte, startDriver } from './driver-harness.js'
import { optionsFor } from './s3-harness.js'
import type { Fault } from '@registry/services/s3-server'

const large = 20 * mebibyte

async function rejection(promise: Promise<unknown>): Promise<RegistryError> {
  const error: unknown = await promise.then(() => 'it resolved', (reason: unknown) => reason)
  expect(error).toSatisfy((reason) => RegistryError.is(reason))
  return error as RegistryError
}

describe('what fails in passing', () => {
  it.each<[string, Fault]>([
    ['SlowDown of a put', { kind: 'error', code: 'SlowDown', operation: 'PutObject', times: 2 }],
    ['InternalError of a put', { kind: 'error', code: 'InternalError', operation: 'PutObject' }],
    ['a reset in the middle of a put', { kind: 'reset-request', operation: 'PutObject' }],
    ['a lost answer to a put', { kind: 'lost-answer', operation: 'PutObject' }],
    ['SlowDown of each first part', { kind: 'error', code: 'SlowDown', operation: 'UploadPart', times: 3 }],
    ['a reset in the middle of a part', { kind: 'reset-request', operation: 'UploadPart', nth: 2 }],
    ['a lost answer to a part', { kind: 'lost-answer', operation: 'UploadPart', nth: 3 }],
    ['a lost answer to the creation', { kind: 'lost-answer', operation: 'CreateMultipartUpload' }],
    ['an error in a completion that succeeds', { kind: 'error-in-success', code: 'InternalError', operation: 'CompleteMultipartUpload' }],
    ['a lost answer to the completion', { kind: 'lost-answer', operation: 'CompleteMultipartUpload' }],
  ])('is tried again: %s', async (_, fault) => {
    const { server, driver } = await startDriver()
    const injected = server.inject(fault)
    await driver.put('small', bytes(1000))
    await driver.put('large', bytes(large))
    expect(injected.struck).toBeGreaterThan(0)
    for (const [key, size] of [['small', 1000], ['large', large]] as const) {
      await using object = await driver.open(key)
      expect([object.info.size, await drained(object.body)]).toEqual([size, size])
    }
  })
})

it('what fails in passing is tried again, however many requests there are', async () => {
  const { server, driver } = await startDriver()
  await driver.put('key', bytes(10))
  const matches: Fault['matches'] = ({ headers }) => /^attempt=[123];/.test(headers['amz-sdk-request'] ?? '')
  const injected = server.inject({ kind: 'error', code: 'SlowDown', operation: 'HeadObject', times: 9999, matches })
  const found = await Promise.all(Array.from({ length: 200 }, () => driver.head('key')))
  expect([injected.struck, found.filter((info) => info?.size === 10).length]).toEqual([600, 200])
})

it.each(['an abort', 'a close'])('%s while an upload is created leaves nothing of it', async (what) => {
  const { server, driver } = await startDriver()
  const controller = new AbortController()
  server.inject({ kind: 'slow', milliseconds: 50, operation: 'CreateMultipartUpload' })
  const put = rejection(driver.put('key', bytes(large), { signal: controller.signal }).catch((reason: unknown) => {
    throw what === 'an abort' ? new RegistryError('CLOSED', String(reason)) : reason
  }))
  await expect.poll(() => server.counts().CreateMultipartUpload).toBe(1)
  if (what === 'an abort') controller.abort(new Error('enough'))
  else await driver.close()
  expect((await put).code).toBe('CLOSED')
  expect([server.uploads(), server.objects()]).toEqual([[], []])
})

it('a reader that a close cuts off is told so', async () => {
  const { server, driver } = await startDriver()
  await driver.put('key', bytes(large))
  server.inject({ kind: 'slow', milliseconds: 10, bytes: 64 * 1024, operation: 'GetObject' })
  await using object = await driver.open('key')
  const read = rejection(drained(object.body))
  await driver.close()
  expect((await read).code).toBe('CLOSED')
})

it('a store that refuses how an object is to be stored is named with what it refuses', async () => {
  const { server, driver } = await startDriver({ storageClass: 'COLD', encryption: 'AES256' })
  server.inject({ kind: 'error', code: 'InvalidRequest', operation: 'PutObject' })
  const error = await rejection(driver.put('key', bytes(10)))
  expect([error.code, error.message]).toEqual(['CONFIG', expect.stringContaining('the store refuses encryption AES256 and storageClass COLD (InvalidRequest)')])
})

describe('what goes on failing', () => {
  it.each<[string, Fault, number, 'unknown' | undefined]>([
    ['a put', { kind: 'error', code: 'SlowDown', operation: 'PutObject', times: 9 }, 1000, 'unknown'],
    ['a part', { kind: 'error', code: 'SlowDown', operation: 'UploadPart', nth: 2, times: 9 }, large, undefined],
    ['a reset part', { kind: 'reset-request', operation: 'UploadPart', times: 99 }, large, undefined],
    ['the creation', { kind: 'error', code: 'InternalError', operation: 'CreateMultipartUpload', times: 9 }, large, undefined],
    ['the completion', { kind: 'error', code: 'InternalError', operation: 'CompleteMultipartUpload', times: 9 }, large, 'unknown'],
  ])('is UNAVAILABLE, and leaves the key as it was and nothing behind: %s', async (_, fault, size, outcome) => {
    const { server, driver } = await startDriver({ retries: 1 })
    await driver.put('key', bytes(10))
    server.inject(fault)
    const error = await rejection(driver.put('key', bytes(size)))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true, outcome, driver: 's3', operation: 'put', key: 'key' })
    expect(await driver.head('key')).toMatchObject({ size: 10 })
    expect(server.uploads()).toEqual([])
  })

  it('is what the store says it is', async () => {
    const { server, driver } = await startDriver({ retries: 0 })
    await driver.put('key', bytes(10))
    const calls: readonly (() => Promise<unknown>)[] = [
      () => driver.head('key'),
      () => driver.open('key'),
      () => driver.put('key', bytes(1)),
      () => driver.delete(['key']),
      () => driver.delete(['key', 'other']),
      () => keysOf(driver),
    ]
    for (const [code, expected] of [['AccessDenied', 'ACCESS_DENIED'], ['SlowDown', 'UNAVAILABLE'], ['InternalError', 'UNAVAILABLE']] as const) {
      for (const call of calls) {
        server.inject({ kind: 'error', code })
        expect(await rejection(call())).toMatchObject({ code: expected, driver: 's3' })
      }
    }
  })
})

describe('a put that is given up', () => {
  const attempts: readonly (readonly [string, (driver: Driver) => Promise<unknown>])[] = [
    ['by its body', (driver) => driver.put('key', throwing(large))],
    ['by its size', (driver) => driver.put('key', bytes(large), { size: large + 1 })],
    ['by its signal', aborted],
    ['by its limit', (driver) => driver.put('key', bytes(24 * mebibyte + 1))],
  ]
  it.each(attempts)('%s leaves no parts', async (_, attempt) => {
    const { server, driver } = await startDriver({ objectBytes: 24 * mebibyte })
    server.inject({ kind: 'slow', milliseconds: 5, operation: 'UploadPart', times: 99 })
    await expect(attempt(driver)).rejects.toThrow()
    expect(server.uploads()).toEqual([])
    expect(server.objects()).toEqual([])
    expect(server.counts()).toMatchObject({ CreateMultipartUpload: 1, AbortMultipartUpload: 1 })
  })

  it('by a declared size that is too large sends nothing', async () => {
    const { server, driver } = await startDriver({ objectBytes: 24 * mebibyte })
    expect(await rejection(driver.put('key', bytes(0), { size: 24 * mebibyte + 1 }))).toMatchObject({ code: 'LIMIT_EXCEEDED' })
    expect(server.counts()).toEqual({})
  })

  it('by a close is CLOSED and leaves no parts', async () => {
    const { server, driver } = await startDriver()
    const put = rejection(driver.put('key', (async function* () {
      yield* bytes(large)
      await sleep(60_000, undefined, { ref: false })
    })()))
    await expect.poll(() => server.counts().UploadPart).toBe(2)
    await driver.close()
    expect(await put).toMatchObject({ code: 'CLOSED' })
    expect(server.uploads()).toEqual([])
  })
})

describe('a body that is read', () => {
  it('and breaks in the middle is UNAVAILABLE, and never short', async () => {
    const { server, driver } = await startDriver()
    await driver.put('key', bytes(large))
    for (const range of [undefined, { start: 10 }]) {
      server.inject({ kind: 'reset-response', operation: 'GetObject' })
      await using object = await driver.open('key', { range })
      expect(await rejection(drained(object.body))).toMatchObject({ code: 'UNAVAILABLE', operation: 'open', key: 'key' })
    }
  })

  it('and stands still is UNAVAILABLE', async () => {
    const endpoint = await startStandingStill()
    const driver = await s3Driver({ endpoint, bucket: 'b', accessKey: 'a', secretKey: 's', requestTimeout: 200, sweep: false })
    onTestFinished(() => driver.close())
    await using object = await driver.open('key')
    const { code, message } = await rejection(drained(object.body))
    expect([code, message]).toEqual(['UNAVAILABLE', expect.stringContaining('sent nothing for 200 ms behind byte 10')])
  })

  it('slowly is read whole', async () => {
    const { driver } = await startDriver({ requestTimeout: 100 })
    await driver.put('key', bytes(mebibyte))
    await using object = await driver.open('key')
    let size = 0
    for await (const chunk of object.body) {
      if (size === 0) await sleep(500)
      size += chunk.byteLength
    }
    expect(size).toBe(mebibyte)
  })
})

describe('a deletion', () => {
  it('of a store that cannot delete many at once goes one by one', async () => {
    const { server, driver } = await startDriver()
    server.inject({ kind: 'error', code: 'NotImplemented', operation: 'DeleteObjects', times: 99 })
    const keys = ['a', 'b', 'c']
    for (const key of keys) await driver.put(key, bytes(1))
    await driver.delete(keys)
    expect(server.objects()).toEqual([])
    server.takeRequests()
    await driver.delete(keys)
    expect(server.counts()).toEqual({ DeleteObject: 3 })
  })

  it('of many carries the checksum that every store knows', async () => {
    const { server, driver } = await startDriver()
    await driver.delete(['a', 'b'])
    const { headers = {} } = server.requests.at(-1) ?? {}
    expect(headers['content-md5']).toMatch(/^[\w+/]{22}==$/)
    expect(Object.keys(headers).filter((name) => name.includes('checksum'))).toEqual([])
  })
})

describe('parts that a crash left', () => {
  it('go after a day, and not before', async () => {
    const { server, driver } = await startDriver()
    server.inject({ kind: 'error', code: 'AccessDenied', operation: 'AbortMultipartUpload', times: 2 })
    for (const key of ['a', 'b']) await expect(driver.put(key, throwing(large))).rejects.toThrow('thrown')
    expect(server.uploads()).toHaveLength(2)
    expect(await sweepAbandonedUploads(optionsFor(server))).toBe(0)
    server.ageUploads(25 * 60 * 60 * 1000)
    expect(await sweepAbandonedUploads({ ...optionsFor(server), root: 'elsewhere' })).toBe(0)
    expect(await sweepAbandonedUploads(optionsFor(server))).toBe(2)
    expect(server.uploads()).toEqual([])
  })
})

async function* throwing(size: number): AsyncGenerator<Uint8Array, void> {
  yield* bytes(size)
  throw new Error('thrown')
}

/** A server that lists nothing, and sends ten bytes of a hundred. */
async function startStandingStill(): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url?.includes('list-type') === true) response.end('<ListBucketResult><Name>b</Name></ListBucketResult>')
    else response.writeHead(200, { 'content-length': '100', 'last-modified': new Date().toUTCString() }).write('0123456789')
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A put that is aborted when its second part is full. */
async function aborted(driver: Driver): Promise<unknown> {
  const controller = new AbortController()
  const body = async function* (): AsyncGenerator<Uint8Array, void> {
    yield* bytes(17 * mebibyte)
    controller.abort(new Error('aborted'))
    yield* bytes(mebibyte)
  }
  return driver.put('key', body(), { signal: controller.signal })
}
