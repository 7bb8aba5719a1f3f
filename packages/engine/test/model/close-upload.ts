import { put, remove, type Change, type Expectation } from './index-model.js'
import { deleteObject, type Program, type Turn } from './processes.js'

export interface CloseRules {
  /** What the put of the blob row expects. */
  readonly expect?: Expectation
  /** Objects that are replaced are noted in the commit, or deleted before it. */
  readonly old?: 'noted' | 'deleted first'
  readonly ours?: 'noted' | 'deleted first'
  /** The answer of the commit can be lost, and the commit can land late. */
  readonly lostAnswers?: boolean
  /**
   * What becomes of our objects then. `fenced`: one commit removes the upload row, at the revision that the lost commit
   * expects, and notes them. `renewed`: the row is put again at that revision, and goes on naming them.
   */
  readonly unknown?: 'fenced' | 'renewed' | 'fenced blindly' | 'fenced, noted after' | 'noted at once'
}

/** The closing commit by what was read: blob row new, refreshed or healed; the upload row gone. */
export function closingChanges(turn: Turn, owner: string, { expect = 'as read', old = 'noted', ours = 'noted' }: CloseRules): Change[] {
  const blob = turn.seen('blob')
  const takeOurs = [put('blob', { state: 'live', lease: true, object: owner }, expect), put(`owner ${owner}`, {}, 'none')]
  const closed = remove(`upload ${owner}`, 'as read')
  if (!blob) return [closed, ...takeOurs]
  if (blob.state === 'corrupt') {
    // `!moved` becomes due with this commit; records have a model of their own, models/records.mjs.
    const trash = old === 'noted' ? [put(`trash ${blob.object!}`, {}, 'none')] : []
    return [closed, ...takeOurs, remove(`owner ${blob.object!}`, 'none'), ...trash]
  }
  return [
    closed,
    put('blob', { ...blob, state: 'live', lease: true }, expect),
    ...(ours === 'noted' ? [put(`trash ${owner}`, {}, 'none')] : []),
  ]
}

/** A closing PUT of a session whose object, named like the process, is stored. Who loses a race reads again. */
export function closeUpload(rules: CloseRules = {}): Program {
  const { old = 'noted', ours = 'noted', lostAnswers = false, unknown = 'fenced' } = rules
  const close = (turn: Turn): string => {
    if (turn.commit(...closingChanges(turn, turn.name, rules))) return 'answered'
    turn.forget()
    return 'read upload row'
  }
  const note = (turn: Turn): Change => put(`trash ${turn.name}`, {}, 'none')
  const session = (turn: Turn): string => `upload ${turn.name}`
  const afterUnknown = { 'fenced': 'fence', 'renewed': 'fence', 'fenced blindly': 'fence', 'fenced, noted after': 'fence', 'noted at once': 'note' }[unknown]
  return {
    'read upload row': (turn) => turn.read(session(turn)) ? 'read blob row' : 'unknown session',
    'read blob row': (turn) => {
      const blob = turn.read('blob')
      if (blob?.state === 'corrupt' && old === 'deleted first') return 'delete old object'
      return blob && blob.state !== 'corrupt' && ours === 'deleted first' ? 'delete our object' : 'close'
    },
    'delete old object': (turn) => { deleteObject(turn.world, turn.seen('blob')!.object!); return 'close' },
    'delete our object': (turn) => { deleteObject(turn.world, turn.name); return 'close' },
    'close': {
      'answered': close,
      ...(lostAnswers && {
        'answer lost': (turn: Turn) => {
          const wire = turn.world.processes['wire']!
          if (wire.at !== 'waiting') return close(turn)
          wire.at = 'in flight'
          wire.reads = { ...turn.world.processes[turn.name]!.reads }
          wire.memory = { owner: turn.name }
          return afterUnknown
        },
      }),
    },
    'fence': (turn) => {
      if (unknown === 'renewed') return turn.commit(put(session(turn), {}, 'as read')) ? 'not answered' : 'look who closed it'
      const fence = remove(session(turn), unknown === 'fenced blindly' ? 'none' : 'as read')
      if (unknown === 'fenced, noted after') return turn.commit(fence) ? 'note' : 'look who closed it'
      return turn.commit(fence, note(turn)) ? 'not answered' : 'look who closed it'
    },
    // The upload row is gone, but not by us: the commit landed, or the session expired and was noted by who ended it.
    'look who closed it': (turn) => turn.world.rows['blob']?.object === turn.name ? 'answered' : 'unknown session',
    'note': (turn) => { turn.commit(note(turn)); return 'not answered' },
  }
}

/** A closing commit whose answer was lost; it lands some time, or never. */
export function closingWire(rules: CloseRules): Program {
  return { 'in flight': (turn) => turn.commit(...closingChanges(turn, String(turn.memory['owner']), rules)) ? 'landed' : 'failed' }
}

/** Sessions that are over: row gone and objects noted in one commit. */
export function expireUpload(owner: string): Program {
  return {
    'read upload row': (turn) => turn.read(`upload ${owner}`) ? 'end session' : 'not there',
    'end session': (turn) => { turn.commit(remove(`upload ${owner}`, 'as read'), put(`trash ${owner}`, {}, 'none')); return 'done' },
  }
}

export interface TrashRules {
  /** What the worker looks at before it deletes an object, in this order. */
  readonly looksAt?: readonly ('upload row' | 'owner row' | 'blob row')[]
  /**
   * What dropping the note expects. Notes here are keyed by object, so the revision says whether it is still the same
   * note; where every note has an id of its own, that is the same.
   */
  readonly drops?: Expectation
}

/**
 * The worker of the trash notes. An object moves from the upload row to the blob row, never back, so who looks at the
 * upload row first and at the blob row then cannot miss it. The owner row says which blob row to look at.
 */
export function trashWorker({ looksAt = ['upload row', 'owner row', 'blob row'], drops = 'as read' }: TrashRules = {}): Program {
  const object = (turn: Turn): string => String(turn.memory['object'])
  const after = (look: string): string => looksAt[looksAt.indexOf(look as 'blob row') + 1] ?? 'delete object'
  return {
    'take a note': (turn) => {
      const note = Object.keys(turn.world.rows).find((key) => key.startsWith('trash '))
      if (note === undefined) return 'take a note'
      turn.read(note)
      turn.memory['object'] = note.slice('trash '.length)
      return looksAt[0] ?? 'delete object'
    },
    'upload row': (turn) => turn.world.rows[`upload ${object(turn)}`] ? 'drop note' : after('upload row'),
    'owner row': (turn) => {
      if (turn.world.rows[`owner ${object(turn)}`]) return after('owner row')
      // No row leads to a blob: what is left to look at is not there to be looked at.
      return looksAt.indexOf('upload row') > looksAt.indexOf('owner row') ? 'upload row only' : 'delete object'
    },
    'upload row only': (turn) => turn.world.rows[`upload ${object(turn)}`] ? 'drop note' : 'delete object',
    'blob row': (turn) => turn.world.rows['blob']?.object === object(turn) ? 'drop note' : after('blob row'),
    'delete object': (turn) => { deleteObject(turn.world, object(turn)); return 'drop note' },
    'drop note': (turn) => {
      turn.commit(remove(`trash ${object(turn)}`, drops))
      turn.forget()
      delete turn.memory['object']
      return 'take a note'
    },
  }
}
