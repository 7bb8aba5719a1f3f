import { RegistryError } from '@registry/core'
import { expect, it } from 'vitest'
import { azureBlobDriver, type AzureBlobOptions, driver } from '../src/index.js'

const good: AzureBlobOptions = { account: 'name', accountKey: 'a2V5', container: 'images' }

it.each<[string, object, string]>([
  ['a missing container', { container: undefined }, 'container is missing'],
  ['a container in capitals', { container: 'Images' }, 'container has to be 3 to 63 of a-z, 0-9 and single hyphens inside'],
  ['no access', { accountKey: undefined }, 'give connectionString, or account and accountKey'],
  ['two ways of access', { connectionString: 'x' }, 'connectionString says it all: leave out account, accountKey and endpoint, or give these alone'],
  ['a key that is none', { accountKey: 'secret!' }, 'accountKey has to be base64, as the portal shows it'],
  ['an endpoint that is none', { endpoint: 'localhost' }, 'endpoint has to be a URL of http or https'],
  ['a root that is no key', { root: '../up' }, 'root has to be segments of a-z 0-9 . _ - ! joined by slashes, at most 100 bytes, or empty'],
  ['a block of no size', { blockBytes: 1.5 }, 'blockBytes has to be a whole number from 65536 to 268435456, and is 1.5'],
  ['a large object', { objectBytes: 2 ** 30 }, 'objectBytes has to be a whole number from 1 to 268435456, and is 1073741824'],
])('refuses %s', async (_, wrong, message) => {
  const error: unknown = await azureBlobDriver({ ...good, ...wrong }).catch((reason: unknown) => reason)
  expect(RegistryError.is(error, 'CONFIG')).toBe(true)
  expect(error).toHaveProperty('message', message)
})

it('refuses a connection string that is none, without showing it', async () => {
  const error: unknown = await azureBlobDriver({ connectionString: 'hidden', container: 'images' }).catch((reason: unknown) => reason)
  expect(RegistryError.is(error, 'CONFIG')).toBe(true)
  expect(String(error)).toMatch(/^RegistryError: connectionString or endpoint is not one of Azure storage/)
  expect(String(error)).not.toContain('hidden')
})

it('declares what is secret', () => {
  const secrets = Object.entries(driver.options).flatMap(([name, { secret }]) => secret ? [name] : [])
  expect(secrets).toEqual(['connectionString', 'accountKey'])
})
