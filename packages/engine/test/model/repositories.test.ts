import { describe, it } from 'vitest'
import { enough, expectToBreak, expectToHold } from './expectations.js'
import { repositories, type RepositoryRules } from './repositories.js'

describe('repositories', () => {
  it('hold where the delete marks the row, deletes the manifests and buries the row as marked', enough, () => { expectToHold(repositories()) })
  it('a delete that ends where a push took the mark back may leave an empty repository', async (test) => {
    await expectToBreak(test, repositories({ conflict: 'answered' }), 'a repository that a delete emptied does not stay')
  })

  const broken: Readonly<Record<string, RepositoryRules>> = {
    'a delete without a mark orphans what is pushed after its scan': { marks: false },
    'a push that checks `present` takes a tombstone for a repository': { live: 'present' },
    'a push that only checks a marked row is orphaned': { marked: 'checked' },
    'a tombstone that expects nothing orphans a push that took the mark back': { tombstone: 'none' },
    'a tombstone before the manifests leaves them without a repository': { tombstoneFirst: true },
  }
  for (const [name, rules] of Object.entries(broken)) {
    it(name, async (test) => { await expectToBreak(test, repositories(rules), 'a live manifest has a repository row') })
  }
})
