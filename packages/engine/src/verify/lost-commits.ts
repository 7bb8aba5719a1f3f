import { recordPlace } from '../keyspace.js'
import { lostHeals, lostRecords } from '../sweep/lost-commits.js'
import type { Trouble } from './finding.js'
import type { VerifyContext } from './verify-context.js'

/** What the index lost. Only a rebuild can tell what becomes of it. */
export async function* lostCommits(context: VerifyContext): AsyncGenerator<Trouble, void> {
  for await (const key of lostRecords(context)) {
    const place = recordPlace(key)
    yield {
      finding: {
        kind: 'lost-commit',
        ...(place?.repository !== undefined && { repository: place.repository }),
        ...(place?.kind === 'manifest' && { digest: place.digest }),
        ...(place?.kind === 'tag' && place.tag !== undefined && { tag: place.tag }),
        key,
        reason: 'the index does not have what this record says, or an earlier version of it',
      },
    }
  }
  for await (const key of lostHeals(context)) {
    yield { finding: { kind: 'lost-commit', key, reason: 'the index does not know that these bytes of a blob were replaced' } }
  }
}
