import type { Model } from './explore.js'
import { collector, isLive } from './collector.js'
import { check, put, remove, type Expectation, type World } from './index-model.js'
import { system, type Program, type Turn } from './processes.js'
import { generation, manifestDelete, push } from './push.js'

export interface WithdrawRules {
  /** What a push that failed takes back first. */
  readonly first?: 'push row' | 'edges'
  /** What the removal of the push row expects. */
  readonly expect?: Expectation
  /** The answer of the last commit can be lost, and the commit can land late. */
  readonly lostAnswers?: boolean
}

/** The one commit that makes a manifest readable. */
function commitManifest(turn: Turn, owner = turn): boolean {
  const live = isLive(turn.seen('manifest A'))
  return turn.commit(
    live ? check('manifest A', 'as read') : put('manifest A', { state: 'live', generation: generation(owner) }, 'as read'),
    remove(`push ${generation(owner)}`, 'present'),
  )
}

/** A push that cleans up behind itself when it is refused, meets a conflict, or does not know. */
export function withdrawingPush({ first = 'push row', expect = 'present', lostAnswers = true }: WithdrawRules): Program {
  const again = (turn: Turn): string => {
    turn.forget()
    if (turn.memory['refused'] || turn.memory['attempt'] === 2) return 'given up'
    turn.memory['attempt'] = 2
    return 'read manifest'
  }
  const removePushRow = (turn: Turn): boolean => turn.commit(remove(`push ${generation(turn)}`, expect))
  const removeEdge = (turn: Turn): boolean => turn.commit(remove(`edge A ${generation(turn)}`, 'none'))
  const withdraw = first === 'push row' ? 'remove push row' : 'remove edge'
  return {
    ...push({ links: false }),
    'refused': (turn) => { turn.memory['refused'] = 1; return withdraw },
    'commit': {
      'answered': (turn) => commitManifest(turn) ? 'answered' : withdraw,
      ...(lostAnswers && {
        'answer lost': (turn: Turn) => {
          const wire = turn.world.processes['wire']!
          if (wire.at !== 'waiting') return commitManifest(turn) ? 'answered' : withdraw
          wire.at = 'in flight'
          wire.memory = { ...turn.memory }
          wire.reads = { 'manifest A': turn.world.processes[turn.name]!.reads['manifest A']! }
          return withdraw
        },
      }),
    },
    'remove push row': (turn) => {
      // Gone already: the commit has landed, or a sweep has taken the row. The edges are the sweep's.
      if (!removePushRow(turn)) return again(turn)
      return first === 'push row' ? 'remove edge' : again(turn)
    },
    'remove edge': (turn) => { removeEdge(turn); return first === 'push row' ? again(turn) : 'remove push row' },
  }
}

/** A commit whose answer was lost; it lands some time, or never. */
const wire: Program = {
  'in flight': (turn) => commitManifest(turn, { ...turn, name: 'push' }) ? 'landed' : 'failed',
}

export function withdrawals(rules: WithdrawRules = {}): Model<World> {
  return system({
    programs: {
      push: withdrawingPush(rules),
      other: push({ links: false, attempts: 1 }),
      delete: manifestDelete(),
      collector: collector(),
      wire,
    },
    waiting: ['wire'],
    rows: { blob: { state: 'live', lease: false, incarnation: 1, object: 'first' } },
    objects: ['first'],
    invariants: {
      'a readable manifest has its blob': ({ rows, objects }) =>
        !isLive(rows['manifest A']) || (rows['blob'] !== undefined && objects[rows['blob'].object!] === true),
      'a readable manifest has its edge': ({ rows }) =>
        !isLive(rows['manifest A']) || rows[`edge A ${rows['manifest A'].generation!}`] !== undefined,
    },
  })
}
