import type { Model } from './explore.js'
import { collector, isLive, scanEdges } from './collector.js'
import { put, remove, type World } from './index-model.js'
import { system, type Program } from './processes.js'
import { push, type PushRules } from './push.js'
import { upload } from './upload.js'

export interface LinkRules {
  readonly push?: PushRules
  /** A blob DELETE marks the link before it scans the edges. */
  readonly marks?: boolean
  /** It deletes the link expecting what it marked, or else read. */
  readonly deletes?: 'as read' | 'none'
  /** It passes over push rows that expired, without deleting them. */
  readonly trustsClock?: boolean
  /** Links name the incarnation of the blob row that they are for. */
  readonly incarnations?: boolean
  /** A link marked for deletion still reads as there. */
  readonly markedIsReadable?: boolean
}

/**
 * A blob DELETE in a repository: mark the link, scan this repository's edges, then take the mark back or delete the
 * link. A mark that somebody else left (dead, or still at it) serves as well: it was there before the scan.
 */
export function blobDelete({ marks = true, deletes = 'as read', trustsClock = false }: LinkRules): Program {
  return {
    'read link': (turn) => {
      const link = turn.read('link A')
      if (!link) { turn.forget(); return 'not found' }
      return marks && link.state !== 'marked' ? 'mark' : 'scan'
    },
    'mark': (turn) => turn.commit(put('link A', { ...turn.seen('link A')!, state: 'marked' }, 'as read')) ? 'scan' : 'read link',
    ...scanEdges('scan', { repository: 'A', none: 'delete link', some: marks ? 'take back' : 'in use', sweeps: false, trustsClock }),
    'take back': (turn) => {
      turn.commit(put('link A', { ...turn.seen('link A')!, state: 'live' }, 'as read'))
      return 'in use'
    },
    'delete link': (turn) => {
      if (!turn.commit(remove('link A', deletes))) return 'read link'
      turn.world.facts['deleted from A'] = true
      return 'answered'
    },
  }
}

/** Repository A has the blob, B had it before; its row is unreferenced and its lease is over. */
export function links(rules: LinkRules = {}): Model<World> {
  const { incarnations = true, markedIsReadable = true } = rules
  const isReadable = ({ rows, objects }: World, repository: string): boolean => {
    const link = rows[`link ${repository}`]
    const blob = rows['blob']
    if (!link || !blob || !objects[blob.object!]) return false
    if (link.state === 'marked' && !markedIsReadable) return false
    return !incarnations || link.incarnation === blob.incarnation
  }
  return system({
    programs: {
      push: push(rules.push),
      delete: blobDelete(rules),
      secondDelete: blobDelete(rules),
      upload: upload('A'),
      collector: collector(),
    },
    rows: {
      'blob': { state: 'live', lease: false, incarnation: 1, object: 'first' },
      'link A': { state: 'live', incarnation: 1 },
      'link B': { state: 'live', incarnation: 1 },
    },
    objects: ['first'],
    facts: { 'incarnations': 1, 'linked A': 1, 'linked B': 1, 'deleted from A': false },
    invariants: {
      'a readable manifest has its blob, through its repository': (world) =>
        !isLive(world.rows['manifest A']) || isReadable(world, 'A'),
      'a blob is readable only where this incarnation was linked': (world) =>
        ['A', 'B'].every((name) => !isReadable(world, name) || world.facts[`linked ${name}`] === world.rows['blob']!.incarnation),
      'a deleted link stays deleted until somebody uploads again': (world) =>
        world.facts['deleted from A'] !== true || !isReadable(world, 'A'),
    },
  })
}
