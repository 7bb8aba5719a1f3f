import { expect, it } from 'vitest'
import { guarded } from './guarded.js'

it('tells what failed', () => {
  const told: unknown[] = []
  guarded((error) => told.push(error))('failure')
  expect(told).toEqual(['failure'])
})

it('tells that something failed where what was thrown cannot be told', () => {
  const told: string[] = []
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  guarded((error) => told.push(String(error)))(proxy)
  expect(told).toEqual(['Error: something failed, and what was thrown cannot be told'])
})

it('ends nothing where whoever is told fails at everything', () => {
  const tell = guarded(() => {
    throw new Error('of the one who is told')
  })
  expect(() => {
    tell('failure')
  }).not.toThrow()
})
