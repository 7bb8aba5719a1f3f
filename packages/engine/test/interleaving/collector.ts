import { type Digest, RegistryError } from '@registry/core'
import { digestOf } from '../support/images.js'
import type { Context } from '../../src/context.js'
import { ownerOfObject, recordObjectKey, rowKeys } from '../../src/keyspace.js'
import { deleteRow, putRow, readRow, type Row } from '../../src/row-store.js'
import type { Blob } from '../../src/rows.js'
import { noteTrash } from '../../src/trash.js'
import { contents } from './content.js'
import { isKept } from './edges.js'
import type { Ledger } from './ledger.js'

/** Rules of the collector that a variant breaks. Each that is set loses or leaks something. */
export interface CollectorRules {
  /** Drops the row straight after it was condemned. */
  readonly looksOnce?: boolean
  /** Drops the row whatever became of it. */
  readonly dropsBlindly?: boolean
  /** Reads the manifest's row before that of the push. */
  readonly looksAtManifestFirst?: boolean
  /** Condemns a corrupt row like another. */
  readonly condemnsCorrupt?: boolean
  /** Notes the objects in a commit after the one that drops the row. */
  readonly notesLater?: boolean
  /** Looks at no lease. */
  readonly ignoresLeases?: boolean
  /** Its clock is far ahead: no lease counts, and manifests have their blobs all the same. */
  readonly clockIsAhead?: boolean
}

/** Collects what nothing keeps, as section 5 of the architecture says: condemn, look again, drop the row and note its objects. */
export async function collect(context: Context, ledger: Ledger, rules: CollectorRules = {}): Promise<void> {
  for (const content of contents) await collectBlob(context, ledger, content, rules)
}

async function collectBlob(context: Context, ledger: Ledger, content: string, rules: CollectorRules): Promise<void> {
  const digest = digestOf(content)
  const row = await readRow(context.index, rowKeys.blob(digest))
  if (!row || (row.value.lease > nowOf(context, rules) && !rules.ignoresLeases)) return
  try {
    const condemned = isAsGoodAsCondemned(row.value, rules) ? row : await condemn(context, digest, row, rules)
    if (!condemned) return
    if (!rules.looksOnce && (await isKept(context, digest, rules))) await takeBack(context, digest, condemned)
    else await drop(context, ledger, content, condemned, rules)
  } catch (error) {
    // Somebody promised the blob meanwhile.
    if (!RegistryError.is(error, 'CONFLICT')) throw error
  }
}

/** Nobody promises a corrupt blob, so that one look after it was read will do. */
function isAsGoodAsCondemned({ state }: Blob, { condemnsCorrupt }: CollectorRules): boolean {
  return state === 'condemned' || (state === 'corrupt' && !condemnsCorrupt)
}

async function condemn(context: Context, digest: Digest, row: Row<Blob>, rules: CollectorRules): Promise<Row<Blob> | undefined> {
  if (await isKept(context, digest, rules)) return undefined
  const value: Blob = { ...row.value, state: 'condemned' }
  const [revision] = await context.index.commit([putRow(rowKeys.blob(digest), value, row)])
  return { value, revision: revision! }
}

async function takeBack({ index }: Context, digest: Digest, row: Row<Blob>): Promise<void> {
  if (row.value.state === 'condemned') await index.commit([putRow(rowKeys.blob(digest), { ...row.value, state: 'live' }, row)])
}

async function drop(context: Context, ledger: Ledger, content: string, row: Row<Blob>, rules: CollectorRules): Promise<void> {
  const digest = digestOf(content)
  const objects = row.value.objects.map(({ key }) => key)
  const moved = (row.value.moved ?? []).map((each) => recordObjectKey({ kind: 'moved', digest, ...each }, each.version))
  const note = noteTrash(context, [...objects, ...moved])
  const owners = [...new Set(objects.map(ownerOfObject))].map((owner) => deleteRow(rowKeys.objectOwner(owner)))
  const dropped = ledger.beginDrop(content)
  try {
    const changes = [deleteRow(rowKeys.blob(digest), rules.dropsBlindly ? undefined : row), ...owners]
    await context.index.commit(rules.notesLater ? changes : [...changes, note.change])
    ledger.endDrop(dropped, nowOf(context, rules))
    if (rules.notesLater) await context.index.commit([note.change])
  } catch (error) {
    if (RegistryError.is(error, 'CONFLICT')) ledger.cancelDrop(dropped)
    throw error
  }
  note.workOff()
}

function nowOf({ now, policy }: Context, { clockIsAhead }: CollectorRules): number {
  return now() + (clockIsAhead ? policy.leaseMilliseconds : 0)
}
