import { expect, it } from 'vitest'
import { azureBlobDriver } from '../src/index.js'
import { containerOf, optionsFor } from './azure-blob-harness.js'
import { startAzurite } from '@registry/services/azurite'
import { bodyOf } from './bodies.js'
import { startProxy } from './proxy.js'

it('asks the server to begin at the key behind which it goes on', async () => {
  await using azurite = await startAzurite()
  await using proxy = await startProxy(azurite.endpoint)
  const driver = await azureBlobDriver({ ...optionsFor(azurite), endpoint: proxy.endpoint })
  const starts: unknown[] = []
  proxy.loses = (_, path) => {
    starts.push(new URL(path, proxy.endpoint).searchParams.get('startFrom'))
    return false
  }
  for (const after of ['', 'a-b', 'z', 'b/c']) {
    for await (const { key } of driver.list({ prefix: 'b/', after })) expect(key).toBe('there is none')
  }
  expect(starts).toEqual([null, null, null, 'registry/b/c'])
})

it('passes over blobs of others', async () => {
  await using azurite = await startAzurite()
  const options = optionsFor(azurite)
  const driver = await azureBlobDriver({ ...options, root: '' })
  await driver.put('key', bodyOf('bytes'))
  for (const name of ['Readme.md', 'a//b', '@tmp/stranger', 'dot.']) await containerOf(options).getBlockBlobClient(name).upload('x', 1)
  const keys: string[] = []
  for await (const { key } of driver.list()) keys.push(key)
  expect(keys).toEqual(['key'])
})
