import { check, put, remove, type Change, type Row } from './index-model.js'
import { isLive } from './collector.js'
import type { Program, Turn } from './processes.js'

export interface PushRules {
  readonly repository?: string
  /** Starts again after a conflict, with a fresh generation. */
  readonly attempts?: number
  /** What a link marked for deletion, or a condemned row, is to the push. */
  readonly marked?: 'rewritten' | 'rewritten blindly' | 'passed over' | 'checked at the end'
  /** Reads links and rows first and writes the edges then. */
  readonly readsFirst?: boolean
  readonly links?: boolean
  /** Looks at the blob row first and at the link then; who asks for both at once gets either order. */
  readonly blobRowFirst?: boolean
  /** More changes of the last commit. */
  readonly also?: (turn: Turn) => readonly Change[]
  /** What the world sees of the commit. */
  readonly committed?: (turn: Turn) => void
  /** Further rows that step (1) reads. */
  readonly reads?: readonly string[]
}

export const generation = (turn: Turn): string => `${turn.name}${turn.memory['attempt'] ?? 1}`

/** A manifest push as section 5 says: announce, edges, *then* rows, one commit. It keeps a manifest that is live. */
export function push({
  repository = 'A', attempts = 2, marked = 'rewritten', readsFirst = false, links = true, blobRowFirst = false,
  also = () => [], committed = () => {}, reads = [],
}: PushRules = {}): Program {
  const manifest = `manifest ${repository}`
  const link = `link ${repository}`
  const edge = (turn: Turn): string => `edge ${repository} ${generation(turn)}`
  const look = links && !blobRowFirst ? 'read link' : 'read blob row'
  /** Both looked at, they have to be of one incarnation. */
  const looked = (turn: Turn): string => {
    const blob = turn.seen('blob')
    const linked = turn.seen(link)
    if (!blob) return 'read blob row'
    if (links && !linked) return 'read link'
    if (links && linked!.incarnation !== blob.incarnation) return 'refused'
    return readsFirst ? 'write edge' : 'commit'
  }
  const again = (turn: Turn): string => {
    turn.forget()
    const attempt = Number(turn.memory['attempt'] ?? 1)
    if (attempt === attempts) return 'given up'
    turn.memory['attempt'] = attempt + 1
    return 'read manifest'
  }
  const rewrite = (turn: Turn, key: string, row: Row, back: string): string => {
    const expect = marked === 'rewritten blindly' ? 'none' : 'as read'
    turn.commit(put(key, row, expect))
    return back
  }
  return {
    'read manifest': (turn) => {
      for (const key of [manifest, ...reads]) turn.read(key)
      return 'announce'
    },
    'announce': (turn) => {
      turn.commit(put(`push ${generation(turn)}`, {}, 'none'))
      return readsFirst ? look : 'write edge'
    },
    'write edge': (turn) => { turn.commit(put(edge(turn), {}, 'none')); return readsFirst ? 'commit' : look },
    'read link': (turn) => {
      const row = turn.read(link)
      if (!row) return 'refused'
      return row.state === 'marked' && marked.startsWith('rewritten') ? 'revive link' : looked(turn)
    },
    'revive link': (turn) => rewrite(turn, link, { ...turn.seen(link)!, state: 'live' }, 'read link'),
    'read blob row': (turn) => {
      const row = turn.read('blob')
      if (!row || row.state === 'corrupt') return 'refused'
      return row.state === 'condemned' ? 'revive blob row' : looked(turn)
    },
    'revive blob row': (turn) => {
      turn.commit(put('blob', { ...turn.seen('blob')!, state: 'live' }, 'as read'))
      return 'read blob row'
    },
    'commit': (turn) => {
      const live = isLive(turn.seen(manifest))
      const done = turn.commit(
        live ? check(manifest, 'as read') : put(manifest, { state: 'live', generation: generation(turn) }, 'as read'),
        remove(`push ${generation(turn)}`, 'present'),
        ...(marked === 'checked at the end' && links ? [check(link, 'as read')] : []),
        ...also(turn),
      )
      if (!done) return again(turn)
      committed(turn)
      return 'answered'
    },
  }
}

/** A delete of the manifest: one commit makes its row a tombstone. Its edges are left to the sweep. */
export function manifestDelete(repository = 'A', deleted: (turn: Turn) => void = () => {}): Program {
  const manifest = `manifest ${repository}`
  return {
    'read manifest': (turn) => isLive(turn.read(manifest)) ? 'bury' : 'not found',
    'bury': (turn) => {
      if (!turn.commit(put(manifest, { state: 'dead' }, 'as read'))) return 'read manifest'
      deleted(turn)
      return 'answered'
    },
  }
}
