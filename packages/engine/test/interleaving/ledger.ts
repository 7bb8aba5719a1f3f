import type { Operation, Outcome } from './operations.js'

/** An operation, when it began, and when the client was told what. Times only say what came before what. */
export interface Entry {
  readonly operation: Operation
  readonly began: number
  /** For ever where nobody was told anything certain: whatever it was doing may be done later. */
  ended: number
  outcome: Outcome
}

/** That the collector dropped the row of a blob. */
export interface Collected {
  readonly blob: string
  readonly began: number
  ended: number
}

/** What clients were told, in the order in which they were told. */
export class Ledger {
  readonly entries: Entry[] = []
  readonly collected: Collected[] = []
  /** That a blob was dropped which somebody had been promised. */
  brokenPromise: string | undefined
  private readonly promised: { readonly blob: string; readonly at: number; readonly until: number }[] = []
  private time = 0

  /** A moment of its own. */
  tick(): number {
    return ++this.time
  }

  begin(operation: Operation): Entry {
    const entry: Entry = { operation, began: this.tick(), ended: Infinity, outcome: { state: 'unknown' } }
    this.entries.push(entry)
    return entry
  }

  end(entry: Entry, outcome: Outcome): void {
    entry.outcome = outcome
    if (outcome.state !== 'unknown') entry.ended = this.tick()
  }

  beginDrop(blob: string): Collected {
    const drop: Collected = { blob, began: this.tick(), ended: Infinity }
    this.collected.push(drop)
    return drop
  }

  /** @param now - what time it is */
  endDrop(drop: Collected, now: number): void {
    drop.ended = this.tick()
    const promise = this.promised.find(({ blob, at, until }) => blob === drop.blob && at < drop.ended && until > now)
    if (promise) this.brokenPromise = `the blob ${drop.blob} is collected, though a client was promised that it stays for ${(promise.until - now) / 3_600_000} hours more`
  }

  /** What a client was told says that these blobs stay until then, whatever becomes of manifests. */
  promise(blobs: readonly string[], until: number): void {
    for (const blob of blobs) this.promised.push({ blob, at: this.tick(), until })
  }

  /**
   * What has to hold when everything but storage is lost: neither what was read, nor why something was refused, nor that a
   * blob is gone. A blob that nothing used is used again where the manifest comes back whose delete was not answered.
   */
  promises(): Pick<Ledger, 'entries' | 'collected'> {
    const entries = this.entries.filter(({ operation: { kind }, outcome }) => !kind.startsWith('read') && kind !== 'delete blob' && outcome.state !== 'refused')
    return { entries: entries.flatMap(piecesOf), collected: [] }
  }

  /** Takes back a drop that certainly was not done. */
  cancelDrop(drop: Collected): void {
    this.collected.splice(this.collected.indexOf(drop), 1)
  }
}

/** Tags of all runs. */
export const tags = ['t', 'u', 'v'] as const

/** Each record that comes of an operation may be there without the others as long as nobody was told that it is done. */
function piecesOf(entry: Entry): readonly Entry[] {
  const { operation, outcome } = entry
  if (outcome.state !== 'unknown') return [entry]
  const { repository } = operation
  const piece = (part: Operation): Entry => ({ ...entry, operation: part })
  if (operation.kind === 'push' && operation.tag !== undefined) return [piece({ kind: 'push', repository, image: operation.image }), entry]
  if (operation.kind !== 'delete manifest' && operation.kind !== 'delete repository') return [entry]
  return [...tags.map((tag) => piece({ kind: 'delete tag', repository, tag })), entry]
}
