import { describe, it } from 'vitest'
import { enough, expectToBreak, expectToHold } from './expectations.js'
import { links } from './links.js'
import { without } from './processes.js'

const manifestHasBlob = 'a readable manifest has its blob, through its repository'
const onlyWhereLinked = 'a blob is readable only where this incarnation was linked'
const staysDeleted = 'a deleted link stays deleted until somebody uploads again'

describe('links', () => {
  describe('as section 5 says', () => {
    it('holds for a push, a delete, an upload and the collector', enough, () => {
      expectToHold(without(links({ push: { attempts: 1 } }), 'secondDelete'))
    })
    it('holds so where the push looks at the blob row first', enough, () => {
      expectToHold(without(links({ push: { blobRowFirst: true } }), 'upload', 'secondDelete'))
    })
    it('holds for a push that tries again, a delete and the collector', enough, () => { expectToHold(without(links(), 'upload', 'secondDelete')) })
    it('holds for a push that tries again, two deletes and an upload', enough, () => { expectToHold(without(links(), 'collector')) })
    it('holds for two deletes, an upload and the collector', enough, () => { expectToHold(without(links(), 'push')) })
  })

  it('a push that passes over a marked link loses it', async (test) => {
    await expectToBreak(test, links({ push: { marked: 'passed over' } }), manifestHasBlob)
  })
  it('a push that only checks a marked link, at its revision, loses it', async (test) => {
    await expectToBreak(test, links({ push: { marked: 'checked at the end' } }), manifestHasBlob)
  })
  it('a push that rewrites a marked link blindly brings back what was deleted', async (test) => {
    await expectToBreak(test, links({ push: { marked: 'rewritten blindly' } }), staysDeleted)
  })
  it('a push that reads the link before it writes its edges loses it', async (test) => {
    await expectToBreak(test, links({ push: { readsFirst: true } }), manifestHasBlob)
  })
  it('a delete without a mark misses a push', async (test) => {
    await expectToBreak(test, links({ marks: false, deletes: 'none' }), manifestHasBlob)
  })
  it('a delete without a mark misses a push, though it expects the link that it read', async (test) => {
    await expectToBreak(test, links({ marks: false }), manifestHasBlob)
  })
  it('a delete that does not expect its mark deletes a link that a push took back', async (test) => {
    await expectToBreak(test, links({ deletes: 'none' }), manifestHasBlob)
  })
  it('a delete that takes a push for dead by the clock, and lets its row stand, takes its blob', async (test) => {
    await expectToBreak(test, links({ trustsClock: true }), manifestHasBlob)
  })
  it('a link without an incarnation comes to life with the next upload elsewhere', async (test) => {
    await expectToBreak(test, links({ incarnations: false }), onlyWhereLinked)
  })
  it('a marked link that reads as absent takes a blob from a manifest', async (test) => {
    await expectToBreak(test, links({ markedIsReadable: false }), manifestHasBlob)
  })
})
