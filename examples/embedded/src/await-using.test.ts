import { startTestRegistry } from '@registry/server/testing'
import { expect, it } from 'vitest'
import { publish, read } from './publish.js'

it('publishes a text and reads it back', async () => {
  await using registry = await startTestRegistry()
  await publish(registry.url, 'notes/today', 'v1', 'Hello')
  expect(await read(registry.url, 'notes/today', 'v1')).toBe('Hello')
})

it('moves a tag', async () => {
  await using registry = await startTestRegistry()
  const first = await publish(registry.url, 'notes/today', 'latest', 'Hello')
  const second = await publish(registry.url, 'notes/today', 'latest', 'Good night')
  expect(second).not.toBe(first)
  // What is behind the server can be asked too.
  expect((await registry.registry.manifests.stat('notes/today', { kind: 'tag', tag: 'latest' })).digest).toBe(second)
})
