import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { azureBlobDriver } from '../src/index.js'
import { containerOf, optionsFor } from './azure-blob-harness.js'
import { type Azurite, startAzurite } from '@registry/services/azurite'
import { bodyOf, textOf } from './bodies.js'
import { startProxy } from './proxy.js'

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite[Symbol.asyncDispose]())

const large = Array.from({ length: 40 }, () => new Uint8Array(65_536))

it('is refused with a wrong key', async () => {
  const opening = azureBlobDriver({ ...optionsFor(azurite), accountKey: 'd3Jvbmc=' })
  await expect(opening).rejects.toMatchObject({ code: 'ACCESS_DENIED', operation: 'open', retryable: false })
})

it('is refused with an account that is missing', async () => {
  const options = optionsFor(azurite)
  const opening = azureBlobDriver({ ...options, account: 'nobody', endpoint: azurite.endpoint.replace(/[^/]+$/, 'nobody') })
  await expect(opening).rejects.toMatchObject({ code: 'CONFIG' })
})

it('is unavailable where nobody listens', async () => {
  await using proxy = await startProxy(azurite.endpoint)
  proxy.die()
  const opening = azureBlobDriver({ ...optionsFor(azurite), endpoint: proxy.endpoint, retries: 0 })
  await expect(opening).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true })
})

it('is unavailable where nobody answers', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/devstoreaccount1`
  const opening = azureBlobDriver({ ...optionsFor(azurite), endpoint, requestTimeout: 200 })
  await expect(opening).rejects.toMatchObject({ code: 'UNAVAILABLE', message: 'open: no answer within 200 ms' })
  server.close()
})

it('says that the container was deleted, and takes no object for absent then', async () => {
  const options = optionsFor(azurite)
  const driver = await azureBlobDriver(options)
  await containerOf(options).delete()
  await expect(driver.put('key', bodyOf('x'))).rejects.toMatchObject({ code: 'CONFIG', key: 'key' })
  await expect(driver.head('key')).rejects.toMatchObject({ code: 'CONFIG' })
  await expect(driver.open('key')).rejects.toMatchObject({ code: 'CONFIG' })
})

it('breaks a body whose server dies, and never ends it early', async () => {
  await using proxy = await startProxy(azurite.endpoint)
  const driver = await azureBlobDriver({ ...optionsFor(azurite), endpoint: proxy.endpoint, retries: 0 })
  await driver.put('key', bodyOf(...Array(20).fill(new Uint8Array(1_000_000)) as Uint8Array[]))
  await using object = await driver.open('key')
  const reading = (async () => {
    for await (const chunk of object.body) if (chunk.length > 0) proxy.die()
  })()
  await expect(reading).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'key' })
})

it('leaves open what became of a small put whose answer was lost', async () => {
  await using proxy = await startProxy(azurite.endpoint)
  const driver = await azureBlobDriver({ ...optionsFor(azurite), endpoint: proxy.endpoint, retries: 0 })
  proxy.loses = (method) => method === 'PUT'
  await expect(driver.put('key', bodyOf('new'))).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  expect(await textOf(await driver.open('key'))).toBe('new')
})

it('leaves open what became of a large put only where the last answer was lost', async () => {
  await using proxy = await startProxy(azurite.endpoint)
  const options = { ...optionsFor(azurite), endpoint: proxy.endpoint, retries: 0, blockBytes: 65_536 }
  const driver = await azureBlobDriver(options)
  proxy.loses = (_, path) => path.includes('comp=block&')
  await expect(driver.put('key', bodyOf(...large))).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: undefined })
  proxy.loses = (_, path) => path.includes('comp=blocklist')
  await expect(driver.put('key', bodyOf(...large))).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: undefined })
  expect(await driver.head('key')).toBeUndefined()
  proxy.loses = (method, path) => method === 'PUT' && path.endsWith('/registry/key')
  await expect(driver.put('key', bodyOf(...large))).rejects.toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  expect(await driver.head('key')).toMatchObject({ size: 40 * 65_536 })
})

it('repeats what was lost', async () => {
  await using proxy = await startProxy(azurite.endpoint)
  const driver = await azureBlobDriver({ ...optionsFor(azurite), endpoint: proxy.endpoint, retries: 1 })
  let lost = 0
  proxy.loses = (method) => method === 'PUT' && lost++ === 0
  expect(await driver.put('key', bodyOf('new'))).toEqual({ size: 3 })
  expect(lost).toBe(2)
})
