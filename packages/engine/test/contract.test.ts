import type { Driver, Index } from '@registry/core'
import { memoryDriver, memoryIndex } from '@registry/core/memory'
import { expect, it } from 'vitest'
import { createRegistry } from '../src/index.js'

it.each([2, undefined])('a driver or an index of contract %s is refused before anything is read or written', async (contract) => {
  const driver = memoryDriver()
  const message = (kind: string): string =>
    `the ${kind} memory keeps contract ${String(contract)}, and this engine speaks contract 1; install a version of it that is made for @registry/core 1.x`
  const later = { contract } as unknown as { readonly contract: 1 }
  const wrongDriver: Driver = { ...driver, ...later }
  const wrongIndex: Index = { ...memoryIndex(), ...later }
  await expect(createRegistry({ driver: wrongDriver, index: memoryIndex() })).rejects.toMatchObject({ code: 'CONFIG', message: message('driver') })
  await expect(createRegistry({ driver, index: wrongIndex })).rejects.toMatchObject({ code: 'CONFIG', message: message('index') })
  for await (const { key } of driver.list()) expect.fail(`${key} was written`)
})
