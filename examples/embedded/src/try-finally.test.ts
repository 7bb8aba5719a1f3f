import { startTestRegistry, type TestRegistry } from '@registry/server/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { publish, read } from './publish.js'

// Where the language level has no `await using`, such as plain JavaScript on Node 20 and 22.
it('publishes a text and reads it back', async () => {
  const registry = await startTestRegistry()
  try {
    await publish(registry.url, 'notes/today', 'v1', 'Hello')
    expect(await read(registry.url, 'notes/today', 'v1')).toBe('Hello')
  } finally {
    await registry.close()
  }
})

// One registry for several tests, each of which takes a repository of its own.
let shared: TestRegistry
beforeAll(async () => {
  shared = await startTestRegistry()
})
afterAll(() => shared.close())

it.each(['one', 'two'])('shares a registry: %s', async (name) => {
  await publish(shared.url, `notes/${name}`, 'v1', name)
  expect(await read(shared.url, `notes/${name}`, 'v1')).toBe(name)
})
