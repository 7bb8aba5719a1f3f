import type { Model } from './explore.js'
import { collector } from './collector.js'
import { check, put, type Change, type World } from './index-model.js'
import { blobDelete } from './links.js'
import { system, type Program } from './processes.js'
import { upload } from './upload.js'

export interface MountRules {
  /** What the commit says of the blob row beside putting the link. */
  readonly row?: 'renewed or checked' | 'only checked' | 'condemned only checked' | 'checked present' | 'renewed blindly' | 'left out'
  /** The target's link is put as read, or over whatever is there. */
  readonly link?: 'as read' | 'none'
  /** Whether the target has a DELETE of the blob beside it, rather than the source. */
  readonly deletedInTarget?: boolean
}

/** Source link and blob row read; one commit puts the link and renews or checks the row at the revision read. */
export function mount({ row = 'renewed or checked', link = 'as read' }: MountRules, source: string, target: string): Program {
  const sourceLink = `link ${source}`
  const targetLink = `link ${target}`
  return {
    'read source link': (turn) => turn.read(sourceLink) ? 'read blob row' : 'not mounted',
    'read blob row': (turn) => turn.read('blob')?.incarnation === turn.seen(sourceLink)!.incarnation ? 'read target link' : 'not mounted',
    'read target link': (turn) => { turn.read(targetLink); return 'commit' },
    'commit': (turn) => {
      const { facts } = turn.world
      const blob = turn.seen('blob')!
      const renewed = { ...blob, state: 'live', lease: true } as const
      const needsRenewal = blob.state === 'condemned' || !blob.lease
      const checked = [check('blob', 'as read')]
      const blobChanges: Readonly<Record<NonNullable<MountRules['row']>, readonly Change[]>> = {
        'renewed or checked': needsRenewal ? [put('blob', renewed, 'as read')] : checked,
        'only checked': checked,
        'condemned only checked': blob.state === 'live' && needsRenewal ? [put('blob', renewed, 'as read')] : checked,
        'checked present': [check('blob', 'present')],
        'renewed blindly': [put('blob', renewed, 'none')],
        'left out': [],
      }
      const incarnation = blob.incarnation!
      if (!turn.commit(put(targetLink, { state: 'live', incarnation }, link), ...blobChanges[row])) return 'read source link'
      facts[`linked ${target}`] = incarnation
      facts[`deleted from ${target}`] = false
      // The promise is for what was left of the lease when the row was read, half of it at least. Half a lease is hours
      // and a mount is not, so the model lets no lease end between that read and the commit.
      if (needsRenewal || turn.world.rows['blob']?.lease !== false) facts['promised'] = true
      return 'answered'
    },
  }
}

/** A is the source and B the target; the row is unreferenced and its lease is over. */
export function mounts(rules: MountRules = {}): Model<World> {
  const { deletedInTarget = false } = rules
  const [source, target] = deletedInTarget ? ['B', 'A'] : ['A', 'B']
  const isReadable = ({ rows, objects }: World, repository: string): boolean => {
    const blob = rows['blob']
    return blob !== undefined && blob.incarnation === rows[`link ${repository}`]?.incarnation && objects[blob.object!] === true
  }
  return system({
    programs: {
      mount: mount(rules, source, target),
      delete: blobDelete({}),
      upload: upload(source),
      collector: collector(),
    },
    rows: {
      'blob': { state: 'live', lease: false, incarnation: 1, object: 'first' },
      'link A': { state: 'live', incarnation: 1 },
      ...(deletedInTarget && { 'link B': { state: 'live', incarnation: 1 } }),
    },
    objects: ['first'],
    facts: { 'incarnations': 1, 'linked A': 1, 'linked B': 1, 'deleted from A': false, 'promised': false },
    invariants: {
      'an answered mount is readable for its lease': (world) =>
        world.facts['promised'] !== true || world.facts[`deleted from ${target}`] === true || isReadable(world, target),
      'a live row has its bytes': ({ rows, objects }) => rows['blob']?.state !== 'live' || objects[rows['blob'].object!] === true,
      'a blob is readable only where this incarnation was linked': (world) =>
        ['A', 'B'].every((name) => !isReadable(world, name) || world.facts[`linked ${name}`] === world.rows['blob']!.incarnation),
      'a deleted link stays deleted until somebody uploads or mounts again': (world) =>
        world.facts['deleted from A'] !== true || !isReadable(world, 'A'),
    },
  })
}
