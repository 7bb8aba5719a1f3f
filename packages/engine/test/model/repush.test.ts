import { describe, it } from 'vitest'
import { enough, expectToBreak, expectToHold } from './expectations.js'
import { repushes } from './repush.js'

const tagLeadsThere = 'an answered tag leads to its manifest until that is deleted'

describe('a push of a manifest that is there', () => {
  it('may do without push row and edges', enough, () => { expectToHold(repushes()) })
  it('has to check the row at the revision read, not `present`', async (test) => {
    await expectToBreak(test, repushes({ manifest: 'present' }), tagLeadsThere)
  })
  it('has to check the row at all', async (test) => { await expectToBreak(test, repushes({ manifest: 'none' }), tagLeadsThere) })
  it('has to tell a tombstone from a manifest', async (test) => { await expectToBreak(test, repushes({ takesTombstones: true }), tagLeadsThere) })
  it('has to look at the blobs, for their lease', async (test) => {
    await expectToBreak(test, repushes({ looksAtBlobs: false }), 'an answered push keeps its blobs for a lease')
  })
})
