import { diskModel } from './disk-model.js'
import type { Change, FolderNode } from './disk-nodes.js'
import { hashOfTree, type Tree, treeOf } from './disk-tree.js'
import { followerOf } from './follow-calls.js'
import { type Random, randomOf } from './random.js'
import { descriptorOf, type Moment, textsOf } from './system-calls.js'

/** What processes did to a disk, one after the other. */
export interface Recording {
  /** Where the disk was. */
  readonly folder: string
  /** The disk before. It is built again for each use. */
  readonly before: () => FolderNode
  /** The system calls of each process. */
  readonly processes: readonly (readonly Moment[])[]
}

/** A power loss at one moment of a recording, and what of the disk is left. */
export interface Crash {
  readonly tree: Tree
  /** When it was and what was left, in words. */
  readonly where: string
  /** The HTTP answers that were on their way by then, as `PORT#NUMBER`. */
  readonly answered: ReadonlySet<string>
  /** The lines that the process had written to its standard output. */
  readonly said: readonly string[]
}

export interface CrashOptions {
  readonly seed: number
  /** About how many states are looked at in which something is kept that was not fsynced. */
  readonly variants: number
}

/**
 * Every state in which a power loss could leave the disk with nothing but what was fsynced; and of those in which one
 * change alone was kept that was not, all were, or any of them, as many as were asked for. Equal states come once.
 */
export function* crashesOf(recording: Recording, { seed, variants }: CrashOptions): Generator<Crash> {
  const random = randomOf(seed)
  let total = 0
  for (const { pending } of walk(recording)) total += pending().length + 2
  const seen = new Set<string>()
  for (const { root, pending, when, answered, said } of walk(recording)) {
    const changes = pending()
    for (const { kept, what } of variantsOf(changes, random, variants / total)) {
      const tree = treeOf(root, kept)
      const key = `${hashOfTree(tree)} ${answered.size} ${said.length}`
      if (seen.has(key)) continue
      seen.add(key)
      yield { tree, where: `a power loss after ${when}, which kept ${what}`, answered, said }
    }
  }
}

interface Variant {
  readonly kept: ReadonlySet<Change>
  readonly what: string
}

function* variantsOf(changes: readonly Change[], random: Random, share: number): Generator<Variant> {
  yield { kept: new Set(), what: 'nothing that was not fsynced' }
  if (changes.length === 0) return
  for (const change of changes) if (random.chance(share)) yield { kept: new Set([change]), what: `of what was not fsynced only "${change.what}"` }
  if (random.chance(share)) yield { kept: new Set(changes), what: 'everything, also what was not fsynced' }
  if (!random.chance(share)) return
  const some = changes.filter(() => random.chance(0.5))
  yield { kept: new Set(some), what: `of what was not fsynced ${JSON.stringify(some.map(({ what }) => what))}` }
}

interface Step {
  readonly root: FolderNode
  readonly pending: () => readonly Change[]
  readonly when: string
  readonly answered: ReadonlySet<string>
  readonly said: readonly string[]
}

/** Follows a recording, and stops where the disk or what was answered has changed. */
function* walk({ folder, before, processes }: Recording): Generator<Step> {
  const model = diskModel(folder, before())
  const answered = new Set<string>()
  const numbers = new Map<string, number>()
  const said: string[] = []
  let unfinishedLine = ''
  let count = 0
  const step = (when: string): Step => ({ root: model.root, pending: () => model.pending(), when, answered, said })
  const listen = (moment: Moment): string | undefined => {
    const { call, phase } = moment
    if (phase !== 'enter' || !call.name.startsWith('write')) return undefined
    const descriptor = descriptorOf(call)
    const port = /^TCP[^>]*->.*:(\d+)\]?$/.exec(descriptor?.what ?? '')?.[1]
    if (port !== undefined && textsOf(call)[0]?.subarray(0, 9).toString('latin1') === 'HTTP/1.1 ') {
      const number = numbers.get(port) ?? 0
      numbers.set(port, number + 1)
      answered.add(`${port}#${number}`)
      return `answer ${number} to the client at port ${port}`
    }
    if (descriptor?.number !== 1) return undefined
    const lines = (unfinishedLine + Buffer.concat(textsOf(call)).toString('utf8')).split('\n')
    unfinishedLine = lines.pop()!
    said.push(...lines)
    return lines.length === 0 ? undefined : `"${lines.join(' ')}"`
  }
  yield step('nothing')
  for (const moments of processes) {
    const follower = followerOf(model)
    for (const moment of moments) {
      count++
      const what = listen(moment) ?? follower.follow(moment)
      if (what !== undefined) yield step(`moment ${count} (${what})`)
    }
  }
}
