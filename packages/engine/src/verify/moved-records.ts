import type { Digest } from '@registry/core'
import { recordObjectKey } from '../keyspace.js'
import { readMoved } from '../rebuild/moved-objects.js'
import { sameObjects } from '../rebuild/restore-blobs.js'
import type { Blob, DueRecord } from '../rows.js'
import type { Trouble } from './finding.js'
import { isNoted } from './noted-records.js'
import type { VerifyContext } from './verify-context.js'
import { writeAgain } from './write-again.js'

type MovedRecord = Extract<DueRecord, { readonly kind: 'moved' }>

/** What is wrong with the records that lead from replaced objects of a blob to today's. Without one a rebuild ends at bytes that are gone. */
export async function movedTroubles(context: VerifyContext, digest: Digest, blob: Blob): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = []
  const chain = blob.moved ?? []
  for (const moved of chain) {
    const record: MovedRecord = { kind: 'moved', digest, ...moved }
    const key = recordObjectKey(record, moved.version)
    const look = (): Promise<string | undefined> => reasonOf(context, record, key, moved === chain.at(-1) ? blob : undefined)
    // Its note goes when the record is there, so that the record is looked at after the note.
    if ((await look()) === undefined || (await isNoted(context, record))) continue
    const reason = await look()
    if (reason === undefined) continue
    const isThere = (await context.driver.head(key, { signal: context.signal })) !== undefined
    troubles.push({ finding: { kind: isThere ? 'record-wrong' : 'record-missing', digest, key, reason }, mend: () => writeAgain(context, record, []) })
  }
  return troubles
}

/** @param today - the blob, where this is the last of its records; earlier ones lead to objects of their time */
async function reasonOf(context: VerifyContext, { digest, version }: MovedRecord, key: string, today: Blob | undefined): Promise<string | undefined> {
  const found = await readMoved(context, key, version)
  if (typeof found === 'string') return found
  if (found.digest !== digest) return `it is of the blob ${found.digest}`
  return today && !sameObjects(found, today) ? 'it does not lead to the objects that the blob has' : undefined
}
