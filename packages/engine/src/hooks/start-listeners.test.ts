import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { EventName, RegistryEvents } from './events.js'
import { startListeners } from './start-listeners.js'

const created: RegistryEvents['repository.created'] = { repository: 'a' }
const noErrors = (error: unknown): never => {
  throw error
}

describe('listeners', () => {
  it('are told later, behind every promise that is settled already', async () => {
    const listeners = startListeners(noErrors)
    const told: unknown[] = []
    listeners.on('repository.created', (event) => told.push(event))
    listeners.tell('repository.created', created)
    for (let n = 0; n < 100; n++) await Promise.resolve()
    expect(told).toEqual([])
    await listeners.told()
    expect(told).toEqual([created])
  })

  it('are told in the order in which it happened, each event to those who were there first', async () => {
    const listeners = startListeners(noErrors)
    const told: string[] = []
    const note = (name: EventName, by: string): (() => void) => listeners.on(name, ({ repository }) => told.push(`${name} of ${repository} to ${by}`))
    note('repository.created', 'one')
    note('repository.deleted', 'one')
    note('repository.created', 'two')
    listeners.tell('repository.created', { repository: 'a' })
    listeners.tellAll([
      { name: 'repository.deleted', event: { repository: 'a' } },
      { name: 'repository.created', event: { repository: 'b' } },
    ])
    await listeners.told()
    expect(told).toEqual([
      'repository.created of a to one',
      'repository.created of a to two',
      'repository.deleted of a to one',
      'repository.created of b to one',
      'repository.created of b to two',
    ])
  })

  it('are told what nobody can change, and what nobody changes behind it', async () => {
    const listeners = startListeners(noErrors)
    const told: object[] = []
    listeners.on('repository.created', (event) => told.push(event))
    const event = { repository: 'a' }
    listeners.tell('repository.created', event)
    event.repository = 'b'
    await listeners.told()
    expect(told).toEqual([{ repository: 'a' }])
    expect(Object.isFrozen(told[0])).toBe(true)
  })

  it('are told of what happens while they are there, as often as they are there', async () => {
    const listeners = startListeners(noErrors)
    const told: string[] = []
    const listener = ({ repository }: { readonly repository: string }): number => told.push(repository)
    listeners.tell('repository.created', { repository: 'before' })
    const takeAway = [listeners.on('repository.created', listener), listeners.on('repository.created', listener)]
    listeners.tell('repository.created', { repository: 'twice' })
    await listeners.told()
    listeners.tell('repository.created', { repository: 'once' })
    takeAway[0]!()
    takeAway[0]!()
    await listeners.told()
    takeAway[1]!()
    listeners.tell('repository.created', { repository: 'after' })
    await listeners.told()
    expect(told).toEqual(['twice', 'twice', 'once'])
  })

  it('harm nobody when they throw, reject or hang', async () => {
    const errors: unknown[] = []
    const listeners = startListeners((error) => errors.push(error))
    const told: string[] = []
    const thrown = new Error('thrown')
    const rejected = new Error('rejected')
    listeners.on('repository.created', () => {
      throw thrown
    })
    listeners.on('repository.created', () => Promise.reject(rejected))
    listeners.on('repository.created', () => new Promise(() => {}))
    listeners.on('repository.created', ({ repository }) => told.push(repository))
    listeners.tell('repository.created', { repository: 'a' })
    listeners.tell('repository.created', { repository: 'b' })
    await listeners.told()
    expect(told).toEqual(['a', 'b'])
    // A rejection is heard of behind the call.
    await setImmediate()
    expect(errors).toHaveLength(4)
    expect(new Set(errors)).toEqual(new Set([thrown, rejected]))
  })

  it('may do something themselves, which is told to them in turn', async () => {
    const listeners = startListeners(noErrors)
    const told: string[] = []
    listeners.on('repository.created', ({ repository }) => {
      told.push(repository)
      if (repository.length < 3) listeners.tell('repository.created', { repository: `${repository}a` })
    })
    listeners.tell('repository.created', created)
    for (let n = 0; n < 3; n++) await listeners.told()
    expect(told).toEqual(['a', 'aa', 'aaa'])
  })

  it('are functions, of events that there are', () => {
    const listeners = startListeners(noErrors)
    for (const name of ['tag.created', 'toString']) expect(() => listeners.on(name as EventName, () => {})).toThrow(TypeError)
    expect(() => listeners.on('tag.pushed', 'no function' as never)).toThrow(new TypeError('the listener of tag.pushed is no function'))
  })
})
