import { put, remove, type Row, type World } from './index-model.js'
import { deleteObject, type Program, type Turn } from './processes.js'

/** Edges are keyed `edge <repository> <generation>`, manifests `manifest <repository>`, pushes `push <generation>`. */
export const edgesOf = (world: World, repository = ''): string[] =>
  Object.keys(world.rows).filter((key) => key.startsWith(`edge ${repository}`))

export const generationOf = (edge: string): string => edge.split(' ')[2]!
export const manifestOf = (edge: string): string => `manifest ${edge.split(' ')[1]!}`
export const isLive = (row: Row | undefined): row is Row & { state: 'live' } => row?.state === 'live'

/**
 * The steps that find out whether a valid edge remains, for whoever has to know.
 *
 * An edge is valid if its push row lives or its manifest row has its generation, *read in this order*: a push commits
 * the manifest row and removes its push row at once, so who looks the other way round may miss both.
 */
export function scanEdges(scan: string, { repository = '', none, some, sweeps = true, trustsClock = false }: {
  repository?: string
  /** The next step where no valid edge is left, and where one is. */
  none: string
  some: string
  sweeps?: boolean
  /** Takes a push row that expired for gone, and lets it stand. */
  trustsClock?: boolean
}): Program {
  const judge = `${scan}: read push row`
  const judgeManifest = `${scan}: read manifest`
  const sweep = `${scan}: sweep edge`
  const next = (turn: Turn): string => {
    const edge = edgesOf(turn.world, repository).find((key) => sweeps || key > String(turn.memory['edge'] ?? ''))
    if (edge === undefined) { delete turn.memory['edge']; return none }
    turn.memory['edge'] = edge
    return judge
  }
  const found = (turn: Turn): string => { delete turn.memory['edge']; return some }
  const pushOf = (turn: Turn): string => `push ${generationOf(String(turn.memory['edge']))}`
  return {
    [scan]: next,
    [judge]: {
      'respected if there': (turn) => turn.world.rows[pushOf(turn)] ? found(turn) : judgeManifest,
      // Nobody waits for a push that died: its row expires. A push that lives on after that fails its last commit.
      ...(sweeps && { 'broken if expired': (turn: Turn) => { turn.commit(remove(pushOf(turn), 'none')); return judgeManifest } }),
      ...(trustsClock && { 'taken for expired': () => judgeManifest }),
    },
    [judgeManifest]: (turn) => {
      const edge = String(turn.memory['edge'])
      const manifest = turn.world.rows[manifestOf(edge)]
      if (isLive(manifest) && manifest.generation === generationOf(edge)) return found(turn)
      return sweeps ? sweep : scan
    },
    [sweep]: (turn) => { turn.commit(remove(String(turn.memory['edge']), 'none')); return scan },
  }
}

export interface CollectorRules {
  /**
   * A corrupt row is as good as condemned, as nobody promises it: one scan after it was read, then it goes. `condemned`:
   * it becomes a condemned one like any other, which forgets that it was corrupt.
   */
  readonly corrupt?: 'dropped' | 'condemned'
  /** Leaves the objects to the worker of the trash notes. */
  readonly notes?: boolean
}

/** Condemn what has no lease and no edge, scan again, then drop the row; the model of models/gc.mjs. */
export function collector({ notes = false, corrupt = 'dropped' }: CollectorRules = {}): Program {
  const again = (turn: Turn): string => { turn.forget(); delete turn.memory['object']; return 'read row' }
  return {
    'read row': (turn) => {
      const row = turn.read('blob')
      if (!row || row.lease) return again(turn)
      return row.state === 'condemned' || (row.state === 'corrupt' && corrupt === 'dropped') ? 'second scan' : 'first scan'
    },
    ...scanEdges('first scan', { none: 'condemn', some: 'keep' }),
    'keep': again,
    'condemn': (turn) =>
      turn.commit(put('blob', { ...turn.seen('blob')!, state: 'condemned' }, 'as read')) ? 'second scan' : again(turn),
    ...scanEdges('second scan', { none: 'drop row', some: 'take back' }),
    'take back': (turn) => {
      const row = turn.seen('blob')!
      if (row.state === 'condemned') turn.commit(put('blob', { ...row, state: 'live' }, 'as read'))
      return again(turn)
    },
    'drop row': (turn) => {
      const object = turn.seen('blob')!.object!
      const dropped = [remove('blob', 'as read'), remove(`owner ${object}`, 'none')]
      if (notes) {
        turn.commit(...dropped, put(`trash ${object}`, {}, 'none'))
        return again(turn)
      }
      if (!turn.commit(...dropped)) return again(turn)
      turn.memory['object'] = object
      return 'delete object'
    },
    'delete object': (turn) => { deleteObject(turn.world, String(turn.memory['object'])); return again(turn) },
  }
}
