import { put } from './index-model.js'
import { deleteObject, storeObject, type Program } from './processes.js'

/** A push of the blob's bytes: store them, then one commit puts blob row and link, both as read. */
export function upload(repository: string): Program {
  const link = `link ${repository}`
  return {
    'store object': (turn) => { storeObject(turn.world, turn.name); return 'read rows' },
    // Both in one step: the commit expects both, so it does not matter which was read first.
    'read rows': (turn) => { turn.read('blob'); turn.read(link); return 'close' },
    'close': (turn) => {
      const { facts } = turn.world
      const there = turn.seen('blob')
      const incarnation = there?.incarnation ?? Number(facts['incarnations']) + 1
      const row = { state: 'live', lease: true, incarnation, object: there?.object ?? turn.name } as const
      if (!turn.commit(put('blob', row, 'as read'), put(link, { state: 'live', incarnation }, 'as read'))) return 'read rows'
      facts['incarnations'] = Math.max(Number(facts['incarnations']), incarnation)
      facts[`linked ${repository}`] = incarnation
      facts[`deleted from ${repository}`] = false
      // The bytes were there already: ours go. How they go without harm is the subject of healing.ts.
      if (there) deleteObject(turn.world, turn.name)
      return 'answered'
    },
  }
}
