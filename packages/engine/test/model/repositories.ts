import type { Model } from './explore.js'
import { isLive } from './collector.js'
import { check, put, type Change, type World } from './index-model.js'
import { system, type Program } from './processes.js'

export interface RepositoryRules {
  /** The delete first rewrites the row as `marked`, and scans the manifests then. */
  readonly marks?: boolean
  /** What its tombstone expects. */
  readonly tombstone?: 'as read' | 'none'
  /** It rewrites the row as a tombstone first, and deletes the manifests then. */
  readonly tombstoneFirst?: boolean
  /** After a conflict of the tombstone it starts again, or is content that a push made the repository anew. */
  readonly conflict?: 'again' | 'answered'
  /** What a push says of a row that is live. */
  readonly live?: 'as read' | 'present'
  /** A marked row is rewritten live by a push, or only checked. */
  readonly marked?: 'rewritten' | 'checked'
}

const manifests = ['manifest one', 'manifest two']

/** The part of a manifest push that has to do with the repository. A live manifest is kept, and checked. */
export function pushInto(manifest: string, { live = 'as read', marked = 'rewritten' }: RepositoryRules): Program {
  return {
    'read manifest': (turn) => { turn.read(manifest); return 'read repository' },
    'read repository': (turn) => { turn.read('repository'); return 'commit' },
    'commit': (turn) => {
      const repository = turn.seen('repository')
      const alive = put('repository', { state: 'live' }, 'as read')
      const repositoryChange = (): Change => {
        if (live === 'present' && repository) return check('repository', 'present')
        if (repository?.state === 'marked') return marked === 'rewritten' ? alive : check('repository', 'as read')
        return isLive(repository) ? check('repository', 'as read') : alive
      }
      const known = isLive(turn.seen(manifest))
      const done = turn.commit(
        known ? check(manifest, 'as read') : put(manifest, { state: 'live', generation: turn.name }, 'as read'),
        repositoryChange(),
      )
      if (done) return 'answered'
      turn.forget()
      return 'read manifest'
    },
  }
}

/** A delete of a repository. */
export function repositoryDelete({ marks = true, tombstone = 'as read', tombstoneFirst = false, conflict = 'again' }: RepositoryRules): Program {
  return {
    'read repository': (turn) => {
      const repository = turn.read('repository')
      if (repository?.state === 'dead' || !repository) return 'not found'
      if (tombstoneFirst) return 'bury repository'
      return marks && repository.state !== 'marked' ? 'mark' : 'scan'
    },
    'mark': (turn) => turn.commit(put('repository', { state: 'marked' }, 'as read')) ? 'scan' : 'read repository',
    // A scan of many pages is no snapshot; here each manifest is looked for, and deleted, on its own.
    'scan': (turn) => {
      turn.memory['at'] = 0
      return 'read manifest'
    },
    'read manifest': (turn) => {
      const manifest = manifests[Number(turn.memory['at'])]
      if (manifest === undefined) return tombstoneFirst ? finish(turn.world) : 'bury repository'
      if (isLive(turn.read(manifest))) return 'bury manifest'
      turn.memory['at'] = Number(turn.memory['at']) + 1
      return 'read manifest'
    },
    'bury manifest': (turn) => {
      turn.commit(put(manifests[Number(turn.memory['at'])]!, { state: 'dead' }, 'as read'))
      return 'read manifest'
    },
    'bury repository': (turn) => {
      if (!turn.commit(put('repository', { state: 'dead' }, tombstone))) {
        return conflict === 'answered' ? finish(turn.world) : 'read repository'
      }
      return tombstoneFirst ? 'scan' : finish(turn.world)
    },
  }
}

function finish(world: World): string {
  world.facts['deleted'] = true
  return 'answered'
}

/** The repository has manifest one; one push repeats it, another brings manifest two. */
export function repositories(rules: RepositoryRules = {}): Model<World> {
  return system({
    programs: {
      delete: repositoryDelete(rules),
      pushOne: pushInto('manifest one', rules),
      pushTwo: pushInto('manifest two', rules),
      pushTwoAgain: pushInto('manifest two', rules),
    },
    rows: { 'repository': { state: 'live' }, 'manifest one': { state: 'live', generation: 'first' } },
    facts: { 'deleted': false },
    invariants: {
      'a live manifest has a repository row': ({ rows }) =>
        !manifests.some((name) => isLive(rows[name])) || (rows['repository'] !== undefined && rows['repository'].state !== 'dead'),
      'a repository that a delete emptied does not stay': ({ rows, processes }) =>
        Object.values(processes).some(({ at }) => !['answered', 'not found'].includes(at)) ||
        !isLive(rows['repository']) || manifests.some((name) => isLive(rows[name])),
      'what was there before an answered delete is gone': ({ rows, facts }) =>
        facts['deleted'] !== true || rows['manifest one']?.generation !== 'first',
    },
  })
}
