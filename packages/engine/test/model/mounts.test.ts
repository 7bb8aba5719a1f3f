import { describe, it } from 'vitest'
import { enough, expectToBreak, expectToHold } from './expectations.js'
import { mounts, type MountRules } from './mounts.js'

const readable = 'an answered mount is readable for its lease'

describe('mounts', () => {
  it('hold as section 5 says, beside a delete and an upload in the source and the collector', enough, () => { expectToHold(mounts()) })
  it('hold beside a delete in the target', enough, () => { expectToHold(mounts({ deletedInTarget: true })) })
  it('hold where the link is put over whatever is there', enough, () => { expectToHold(mounts({ link: 'none' })) })
  it('hold so beside a delete in the target', enough, () => { expectToHold(mounts({ link: 'none', deletedInTarget: true })) })

  const broken: Readonly<Record<string, MountRules>> = {
    'a link put without the blob row in the commit leads nowhere': { row: 'left out' },
    'a link put with the incarnation read earlier, the row only present, leads nowhere': { row: 'checked present' },
    'a condemned row that is only checked goes': { row: 'condemned only checked' },
    'a row without a lease that is only checked goes': { row: 'only checked' },
    'a row renewed blindly comes back without its bytes': { row: 'renewed blindly' },
  }
  for (const [name, rules] of Object.entries(broken)) it(name, async (test) => { await expectToBreak(test, mounts(rules), readable) })
})
