import { describe, it } from 'vitest'
import { enough, expectToBreak, expectToHold } from './expectations.js'
import { without } from './processes.js'
import { withdrawals } from './withdraw.js'

const hasEdge = 'a readable manifest has its edge'

describe('a push that takes itself back', () => {
  describe('push row first, expecting it `present`, then the edges', () => {
    it('holds beside a delete and the collector', enough, () => { expectToHold(without(withdrawals(), 'other')) })
    it('holds beside another push of the manifest and the collector', enough, () => { expectToHold(without(withdrawals(), 'delete')) })
    it('holds beside another push of the manifest and a delete', enough, () => { expectToHold(without(withdrawals(), 'collector')) })
  })
  it('may begin with its edges where it knows that its commit failed', enough, () => {
    expectToHold(withdrawals({ first: 'edges', lostAnswers: false }))
  })
  it('may not begin with its edges where the commit can still land', async (test) => {
    await expectToBreak(test, withdrawals({ first: 'edges' }), hasEdge)
  })
  it('may not take a push row that is gone for one that it removed', async (test) => {
    await expectToBreak(test, withdrawals({ expect: 'none' }), hasEdge)
  })
})
