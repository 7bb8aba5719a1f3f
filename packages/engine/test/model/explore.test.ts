import { describe, expect, it } from 'vitest'
import { explore } from './explore.js'
import { check, put, remove } from './index-model.js'
import { system, type Step } from './processes.js'

const end: Step = () => 'done'

describe('the models themselves', () => {
  it('finds the shortest way to a violation', () => {
    const { violated, trace } = explore(system({
      programs: { slow: { one: () => 'two', two: (turn) => { turn.world.facts['slow'] = true; return 'done' } }, other: { wait: end } },
      rows: {}, facts: { slow: false },
      invariants: { 'slow never ends': ({ facts }) => facts['slow'] === false },
    }))
    expect(violated).toBe('slow never ends')
    expect(trace).toEqual(['slow: one → two', 'slow: two → done'])
  })

  it('says when it did not look at all', () => {
    const endless = { start: 0, copy: (n: number) => n, moves: () => [], invariants: {} }
    expect(explore(endless).exhausted).toBe(true)
    expect(explore(endless, 0).exhausted).toBe(false)
  })

  it('never repeats a revision, not even after a delete', () => {
    const outcomes = new Set<string>()
    const { exhausted } = explore(system({
      programs: {
        reader: { read: (turn) => { turn.read('row'); return 'write' }, write: (turn) => { outcomes.add(String(turn.commit(check('row', 'as read')))); return 'done' } },
        writer: {
          remove: (turn) => { turn.commit(remove('row', 'none')); return 'put' },
          put: (turn) => { turn.commit(put('row', { state: 'live' }, 'absent')); turn.world.facts['again'] = true; return 'done' },
        },
      },
      rows: { row: { state: 'live' } }, facts: { again: false },
      invariants: {
        'who read the first row holds a stale revision of the second': ({ facts, processes }) =>
          facts['again'] === false || processes['reader']!.at !== 'write' || processes['reader']!.reads['row']!.stale ||
          processes['writer']!.at === 'done',
      },
    }))
    expect(exhausted).toBe(true)
    expect(outcomes).toEqual(new Set(['true', 'false']))
  })
})
