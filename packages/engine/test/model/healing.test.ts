import { describe, it } from 'vitest'
import { enough, expectToBreak, expectToHold } from './expectations.js'
import { corruptRows, healing, unknownOutcome } from './healing.js'

const listedExists = 'every object that a blob row lists exists'
const named = 'every object is named by a row or a note'
const badStaysBad = 'bytes known to be bad are never good again'

describe('healing', () => {
  it('holds for two sessions, a verifier, the collector and the trash worker', enough, () => { expectToHold(healing()) })
  it('holds for a push of a manifest: a corrupt row needs one scan, as nobody promises it', enough, () => { expectToHold(corruptRows()) })

  it('a session that heals a row which it does not expect undoes what came between', async (test) => {
    await expectToBreak(test, healing({ close: { expect: 'none' } }), badStaysBad)
  })
  it('the replaced objects deleted before the commit leave a row without bytes', async (test) => {
    await expectToBreak(test, healing({ close: { old: 'deleted first' } }), listedExists)
  })
  it('our objects deleted before the commit are the ones that it needs when it starts again', async (test) => {
    await expectToBreak(test, healing({ close: { ours: 'deleted first' } }), listedExists)
  })
  it('a verifier that does not expect the row it read undoes what came between', async (test) => {
    await expectToBreak(test, healing({ verifier: { expect: 'none' } }), named)
  })
  it('a collector that condemns a corrupt row forgets that it is corrupt', async (test) => {
    await expectToBreak(test, healing({ collector: { corrupt: 'condemned' } }), badStaysBad)
  })
})

describe('a closing commit of unknown outcome', () => {
  it('holds where one commit removes the upload row as read and notes its objects', enough, () => { expectToHold(unknownOutcome()) })
  it('holds where the upload row is put again instead, and the session goes on', enough, () => {
    expectToHold(unknownOutcome({ close: { unknown: 'renewed' } }))
    expectToHold(unknownOutcome({ close: { unknown: 'renewed' }, trash: { looksAt: [] } }))
  })
  it('needs no check by the worker then', enough, () => { expectToHold(unknownOutcome({ trash: { looksAt: [] } })) })
  it('holds without the fence where the worker checks, upload row first', enough, () => {
    expectToHold(unknownOutcome({ close: { unknown: 'noted at once' } }))
    expectToHold(unknownOutcome({ close: { unknown: 'fenced blindly' } }))
  })

  it('noted at once, and the worker does not check: a row lists what was deleted', async (test) => {
    await expectToBreak(test, unknownOutcome({ close: { unknown: 'noted at once' }, trash: { looksAt: [] } }), listedExists)
  })
  it('noted at once, and the worker does not look at upload rows', async (test) => {
    await expectToBreak(test, unknownOutcome({ close: { unknown: 'noted at once' }, trash: { looksAt: ['owner row', 'blob row'] } }), listedExists)
  })
  it('noted at once, and the worker reads the owner row before the upload row', async (test) => {
    const looksAt = ['owner row', 'upload row', 'blob row'] as const
    await expectToBreak(test, unknownOutcome({ close: { unknown: 'noted at once' }, trash: { looksAt } }), listedExists)
  })
  it('the upload row removed without expectation, and the worker does not check', async (test) => {
    await expectToBreak(test, unknownOutcome({ close: { unknown: 'fenced blindly' }, trash: { looksAt: [] } }), listedExists)
  })
  it('the note in a commit after the fence: who dies between leaves an object that nothing names', async (test) => {
    await expectToBreak(test, unknownOutcome({ close: { unknown: 'fenced, noted after' } }), named)
  })
  it('a note of the same object dropped with the one that was worked off', async (test) => {
    await expectToBreak(test, unknownOutcome({ close: { unknown: 'noted at once' }, trash: { drops: 'none' } }), named)
  })
})
