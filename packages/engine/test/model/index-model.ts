/** All the fields that rows of the models use; a row has those of its kind. */
export interface Row {
  readonly state?: 'live' | 'condemned' | 'corrupt' | 'marked' | 'dead'
  /** A blob: which life of its row this is. A link: the life that it is for. */
  readonly incarnation?: number
  readonly object?: string
  readonly lease?: boolean
  readonly generation?: string
}

/**
 * What a process holds of a row that it read.
 *
 * A revision never repeats for a key, so all that one can learn from an old revision is whether the row is still the
 * one that was read. Models therefore keep no numbers: a write makes every other read of that key stale, for ever. That
 * keeps the number of states small, and finite where operations try again.
 */
export interface Read {
  readonly row: Row | null
  readonly stale: boolean
}

export interface Process {
  at: string
  reads: Record<string, Read>
  memory: Record<string, string | number>
}

export interface World {
  rows: Record<string, Row>
  objects: Record<string, true>
  /** What happened, for the invariants to look at; no process decides by it. */
  facts: Record<string, string | number | boolean>
  /**
   * How many processes may still die. Only needed where an invariant speaks of the end (of what nobody will clean up):
   * a dead process is one that takes no more steps, and that is among the interleavings in any case.
   */
  crashes: number
  processes: Record<string, Process>
}

/** `as read`: at the revision that this process read, or still absent where it read nothing. */
export type Expectation = 'absent' | 'present' | 'as read' | 'none'

export interface Change {
  readonly kind: 'put' | 'remove' | 'check'
  readonly key: string
  readonly row?: Row
  readonly expect: Expectation
}

export const put = (key: string, row: Row, expect: Expectation): Change => ({ kind: 'put', key, row, expect })
export const remove = (key: string, expect: Expectation): Change => ({ kind: 'remove', key, expect })
export const check = (key: string, expect: Expectation): Change => ({ kind: 'check', key, expect })

/** A strongly consistent get of one key. */
export function read(world: World, process: Process, key: string): Row | undefined {
  process.reads = withEntry(process.reads, key, { row: world.rows[key] ?? null, stale: false })
  return world.rows[key]
}

/** All changes or none; false is a CONFLICT. */
export function commit(world: World, process: Process, changes: readonly Change[]): boolean {
  if (!changes.every((change) => isMet(world, process, change))) return false
  for (const change of changes) {
    if (change.kind === 'check') continue
    for (const other of Object.values(world.processes)) {
      const held = other.reads[change.key]
      // Who read nothing expects `absent`, which may come true again; a revision does not.
      if (held?.row && !held.stale) other.reads[change.key] = { row: held.row, stale: true }
    }
    if (change.kind === 'put') {
      world.rows = withEntry(world.rows, change.key, change.row!)
      // A commit answers the revisions that it made.
      if (process.reads[change.key]) process.reads[change.key] = { row: change.row!, stale: false }
    } else {
      world.rows = without(world.rows, change.key)
    }
  }
  return true
}

function isMet(world: World, process: Process, change: Change): boolean {
  const present = change.key in world.rows
  switch (change.expect) {
    case 'none': return true
    case 'absent': return !present
    case 'present': return present
    case 'as read': {
      const held = process.reads[change.key]
      if (!held) throw new Error(`${change.key} was not read`)
      return held.row ? present && !held.stale : !present
    }
  }
}

/** Rows, and what was read of them, are never changed in place. */
export function copyWorld(world: World): World {
  const processes: Record<string, Process> = {}
  for (const name of Object.keys(world.processes)) {
    const { at, reads, memory } = world.processes[name]!
    processes[name] = { at, reads: { ...reads }, memory: { ...memory } }
  }
  return { rows: { ...world.rows }, objects: world.objects, facts: { ...world.facts }, crashes: world.crashes, processes }
}

/** Keys in order, so that equal states have equal texts. */
export function withEntry<Value>(entries: Record<string, Value>, key: string, value: Value): Record<string, Value> {
  const all = { ...entries, [key]: value }
  if (key in entries) return all
  const sorted: Record<string, Value> = {}
  for (const name of Object.keys(all).sort()) sorted[name] = all[name]!
  return sorted
}

export function without<Value>(entries: Record<string, Value>, key: string): Record<string, Value> {
  const rest: Record<string, Value> = {}
  for (const name of Object.keys(entries)) if (name !== key) rest[name] = entries[name]!
  return rest
}
