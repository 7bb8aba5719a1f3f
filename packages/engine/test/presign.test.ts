import type { Driver } from '@registry/core'
import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { expect, it } from 'vitest'
import { createRegistry, type Registry } from '../src/index.js'
import { errorOf } from './support/bench.js'
import { digestOf, pushBlob } from './support/images.js'

const openWith = (presign: NonNullable<Driver['presign']>, claimed = true): Promise<Registry> => {
  const driver = memoryDriver()
  return createRegistry({ driver: { ...driver, capabilities: { ...driver.capabilities, presign: claimed }, presign }, index: memoryIndex() })
}

it('a URL is the driver’s, for the key that was located', async () => {
  await using registry = await openWith(async (key, { expires, contentType }) => new URL(`https://store.example.com/${key}?for=${expires}&type=${contentType}`))
  await pushBlob(registry, 'a', 'layer')
  const { key } = await registry.blobs.locate('a', digestOf('layer'))
  const url = await registry.blobs.presign?.(key!, { expires: 60, contentType: 'text/plain' })
  expect(url?.href).toBe(`https://store.example.com/${key}?for=60&type=text/plain`)
})

it('there are no URLs where the driver claims none, whatever it has', async () => {
  await using registry = await openWith(async () => new URL('https://store.example.com/'), false)
  expect(registry.blobs.presign).toBeUndefined()
  await using without = await createRegistry({ driver: memoryDriver(), index: memoryIndex() })
  expect(without.blobs.presign).toBeUndefined()
})

it('what a driver throws that it does not know is INTERNAL', async () => {
  await using registry = await openWith(async () => Promise.reject(new Error('no key')))
  expect(await errorOf(registry.blobs.presign!('blobs/aa/x', { expires: 60 }))).toMatchObject({ code: 'INTERNAL', operation: 'presign' })
})
