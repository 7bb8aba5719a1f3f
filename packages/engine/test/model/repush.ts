import type { Model } from './explore.js'
import { collector, isLive } from './collector.js'
import { check, put, type Expectation, type World } from './index-model.js'
import { system, type Program } from './processes.js'
import { manifestDelete, push } from './push.js'

export interface RepushRules {
  /** What the commit expects of the manifest row that was found live. */
  readonly manifest?: Expectation
  /** Blob rows are read, revived and renewed as by any other push. */
  readonly looksAtBlobs?: boolean
  /** Takes the skip for any row, a tombstone too. */
  readonly takesTombstones?: boolean
}

/**
 * A push of a manifest that is there already, with the same text: no push row, no edges. The commit puts the tag and
 * checks the manifest at the revision read first. As revisions never repeat, the row was live with one generation all
 * the time between, and so were the edges of that generation valid.
 */
export function repush({ manifest: expect = 'as read', looksAtBlobs = true, takesTombstones = false }: RepushRules): Program {
  return {
    'read manifest': (turn) => {
      const manifest = turn.read('manifest A')
      if (!isLive(manifest) && !(takesTombstones && manifest)) return 'pushed the long way'
      return looksAtBlobs ? 'read blob row' : 'commit'
    },
    'read blob row': (turn) => {
      const blob = turn.read('blob')
      if (!blob) return 'refused'
      return blob.state === 'condemned' || !blob.lease ? 'renew blob row' : 'commit'
    },
    'renew blob row': (turn) =>
      turn.commit(put('blob', { ...turn.seen('blob')!, state: 'live', lease: true }, 'as read')) ? 'commit' : 'read blob row',
    'commit': (turn) => {
      const { facts, rows } = turn.world
      const generation = turn.seen('manifest A')!.generation ?? 'none'
      if (!turn.commit(check('manifest A', expect), put('tag', { generation }, 'none'))) { turn.forget(); return 'read manifest' }
      facts['tagged'] = true
      // The promise is for what is left of the lease. Without a look at the row, nobody knows: it is made all the same.
      facts['promised'] = !looksAtBlobs || rows['blob']?.lease === true
      return 'answered'
    },
  }
}

/** The manifest is there, its blob has no lease. Beside the skipping push: one that does not skip, a delete, a collector. */
export function repushes(rules: RepushRules = {}): Model<World> {
  const isReadable = ({ rows, objects }: World): boolean => rows['blob'] !== undefined && objects[rows['blob'].object!] === true
  return system({
    programs: {
      repush: repush(rules),
      push: push({ links: false, attempts: 1 }),
      delete: manifestDelete('A', ({ world }) => { world.facts['tagged'] = false }),
      collector: collector(),
    },
    rows: {
      'blob': { state: 'live', lease: false, incarnation: 1, object: 'first' },
      'manifest A': { state: 'live', generation: 'first' },
      'edge A first': {},
    },
    objects: ['first'],
    facts: { tagged: false, promised: false },
    invariants: {
      'a readable manifest has its blob': (world) => !isLive(world.rows['manifest A']) || isReadable(world),
      'an answered tag leads to its manifest until that is deleted': ({ rows, facts }) =>
        facts['tagged'] !== true || (isLive(rows['manifest A']) && rows['manifest A'].generation === rows['tag']!.generation),
      'an answered push keeps its blobs for a lease': (world) => world.facts['promised'] !== true || isReadable(world),
    },
  })
}
