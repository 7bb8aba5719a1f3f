import { ContainerSASPermissions } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { azureBlobDriver } from '../src/index.js'
import { account, accountKey, type Azurite, startAzurite } from '@registry/services/azurite'
import { containerOf, optionsFor } from './azure-blob-harness.js'
import { bodyOf, textOf } from './bodies.js'

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite[Symbol.asyncDispose]())

it('gives URLs that answer with the type and name that were asked for', async () => {
  const driver = await azureBlobDriver(optionsFor(azurite))
  await driver.put('a.b/-c', bodyOf('bytes'))
  const url = await driver.presign?.('a.b/-c', { expires: 60, contentType: 'application/x-layer', filename: 'lay"er.tar' })
  const answer = await fetch(url ?? '')
  expect(answer.headers.get('content-type')).toBe('application/x-layer')
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="lay_er.tar"')
  expect(await answer.text()).toBe('bytes')
})

it('gives URLs that only read', async () => {
  const driver = await azureBlobDriver(optionsFor(azurite))
  await driver.put('key', bodyOf('bytes'))
  const url = await driver.presign?.('key', { expires: 60 })
  const answer = await fetch(url ?? '', { method: 'DELETE' })
  expect(answer.status).toBe(403)
})

it('opens by a connection string with a key', async () => {
  const { container } = optionsFor(azurite)
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=${azurite.endpoint};`
  const driver = await azureBlobDriver({ connectionString, container })
  await driver.put('key', bodyOf('bytes'))
  expect(driver.capabilities.presign).toBe(true)
  expect(await textOf(await driver.open('key'))).toBe('bytes')
})

it('stores large objects by a SAS of the container alone, and gives no URLs then', async () => {
  const options = optionsFor(azurite)
  const container = containerOf(options)
  await container.create()
  const expiresOn = new Date(Date.now() + 3_600_000)
  const url = new URL(await container.generateSasUrl({ permissions: ContainerSASPermissions.parse('rcwdl'), expiresOn }))
  const connectionString = `BlobEndpoint=${azurite.endpoint};SharedAccessSignature=${url.search.slice(1)}`
  const driver = await azureBlobDriver({ connectionString, container: options.container, blockBytes: 65_536 })
  await driver.put('key', bodyOf(Buffer.alloc(200_000, 'x')))
  expect(await textOf(await driver.open('key'))).toBe('x'.repeat(200_000))
  expect(driver.capabilities.presign).toBe(false)
  await expect(driver.presign?.('key', { expires: 60 })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
})
