import { driverConformance } from '@registry/core/conformance'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { azureBlobHarness } from './azure-blob-harness.js'
import { type Azurite, startAzurite } from '@registry/services/azurite'

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite[Symbol.asyncDispose]())

driverConformance({
  name: 'azure-blob',
  harness: azureBlobHarness(() => azurite, { objectBytes: 88 * 2 ** 20 }),
  describe,
  it: (title, body) => {
    it(title, body, 300_000)
  },
})
