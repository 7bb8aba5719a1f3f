import { afterAll, beforeAll, expect, it } from 'vitest'
import { azureBlobDriver } from '../src/index.js'
import { containerOf, optionsFor } from './azure-blob-harness.js'
import { type Azurite, startAzurite } from '@registry/services/azurite'
import { bodyOf, textOf } from './bodies.js'

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite[Symbol.asyncDispose]())

const block = 65_536

it('keeps two puts of one key apart, block by block', async () => {
  const driver = await azureBlobDriver({ ...optionsFor(azurite), blockBytes: block, concurrency: 1 })
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  async function* slow(): AsyncGenerator<Uint8Array, void> {
    yield Buffer.alloc(3 * block, 's')
    await gate
    yield Buffer.alloc(block, 's')
  }
  const first = driver.put('key', slow())
  await driver.put('key', bodyOf(Buffer.alloc(2 * block, 'q')))
  expect(await textOf(await driver.open('key'))).toBe('q'.repeat(2 * block))
  open()
  await first
  expect(await textOf(await driver.open('key'))).toBe('s'.repeat(4 * block))
})

it('leaves no blob behind, neither of a large put nor of one that fails', async () => {
  const options = { ...optionsFor(azurite), blockBytes: block }
  const driver = await azureBlobDriver(options)
  await driver.put('large', bodyOf(Buffer.alloc(3 * block)))
  await expect(driver.put('short', bodyOf(Buffer.alloc(3 * block)), { size: 4 * block })).rejects.toMatchObject({ code: 'SIZE_MISMATCH' })
  const names: string[] = []
  for await (const { name } of containerOf(options).listBlobsFlat()) names.push(name)
  expect(names).toEqual(['registry/large'])
})

it('stores nothing of what is aborted between the last block and the copy', async () => {
  const options = { ...optionsFor(azurite), blockBytes: block }
  const driver = await azureBlobDriver(options)
  const controller = new AbortController()
  const reason = new Error('gone')
  async function* body(): AsyncGenerator<Uint8Array, void> {
    yield Buffer.alloc(3 * block)
    controller.abort(reason)
  }
  await expect(driver.put('key', body(), { signal: controller.signal })).rejects.toBe(reason)
  expect(await driver.head('key')).toBeUndefined()
})
