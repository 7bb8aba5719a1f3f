import { expect, it } from 'vitest'
import { rowKeys } from '../../src/keyspace.js'
import { endExpiredPushes } from '../../src/sweep/expired-pushes.js'
import { collects, condemned, corrupt, damaged, doomed, does, emptied, leaseOver, push, sweeps, sweepsManifests, tagged, taggedLongAgo, unused, upload, verifies, waits } from './configurations.js'
import { index, one, two } from './content.js'
import { type Configuration, explore, Lessons } from './explore.js'
import type { Run } from './run.js'
import { prepare } from './setting.js'
import { body } from '../support/images.js'
import { blobsIn } from './settings.js'
import { uncoveredObjects } from './uncovered.js'

interface Faults {
  readonly kills?: number
  readonly losses?: number
}

/** How many schedules of a search that is not exhaustive are tried at the most. */
const most = Number(process.env['SCHEDULES'] ?? 1000)

/** More than any of the searches needs that have to be exhaustive. */
const all = 20_000

/** Tries every schedule in which nothing goes wrong, and with each of the mishaps on its own as many as there is time for. */
function everySchedule(title: string, configuration: Configuration, ...faults: readonly Faults[]): void {
  schedules(title, configuration, [{}, ...faults], true)
}

/** Tries as many as there is time for, also where nothing goes wrong. */
function someSchedules(title: string, configuration: Configuration, ...faults: readonly Faults[]): void {
  schedules(title, configuration, [{}, ...faults], false)
}

function schedules(title: string, configuration: Configuration, faults: readonly Faults[], isExhaustive: boolean): void {
  it(title, { timeout: 600_000 }, async ({ annotate }) => {
    const lessons = new Lessons()
    for (const mishaps of faults) {
      const known = Object.entries(mishaps).map(([what, count]) => `${String(count)} of ${what}`)
      const hasToEnd = isExhaustive && known.length === 0
      const { schedules: tried, states, exhausted } = await explore({ ...configuration, ...mishaps }, hasToEnd ? all : most, lessons)
      await annotate(`${exhausted ? 'all' : 'not all, but'} ${tried} schedules (${states} states), ${known.join() || 'nothing goes wrong'}`)
      expect(states).toBeGreaterThan(0)
      if (hasToEnd) expect(exhausted).toBe(true)
    }
  })
}

everySchedule(
  'a manifest push and the delete of a blob that it names',
  { setting: unused, processes: { push: does(push()), delete: does({ kind: 'delete blob', repository: 'a', blob: 'config' }) } },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'a manifest push and the collector',
  { setting: leaseOver, processes: { push: does(push()), collector: collects } },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'two pushes of one manifest',
  { setting: unused, processes: { first: does(push(one, 't')), second: does(push(one, 't')) } },
  { kills: 1 },
)

everySchedule('two pushes of one manifest under two tags, in a repository that is there', {
  setting: emptied,
  processes: { first: does(push(index, 't')), second: does(push(index, 'u')) },
})

everySchedule(
  'two pushes that move one tag',
  {
    setting: () => prepare({ operations: [...blobsIn('a', ['config', 'base']), push(one, 't'), push(one), push(two)] }),
    processes: { first: does(push(two, 't')), second: does({ kind: 'delete tag', repository: 'a', tag: 't' }) },
  },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'two uploads of one blob',
  { setting: () => prepare({ repositories: ['a', 'b'], operations: [] }), processes: { first: does(upload('a')), second: does(upload('b')) } },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'two requests that close one session',
  {
    setting: () =>
      prepare({
        operations: [],
        then: async ({ uploads }) => {
          const { id } = await uploads.start('a')
          await uploads.append('a', id, body('con'))
        },
      }),
    processes: {
      first: (run, process) => run.operate(process, { kind: 'close', repository: 'a', blob: 'config', upload: sessionOf(run), rest: 'fig' }),
      second: (run, process) => run.operate(process, { kind: 'close', repository: 'a', blob: 'config', upload: sessionOf(run), rest: 'fig' }),
    },
  },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'an upload, and the collector that drops the blob as it was',
  { setting: leaseOver, processes: { upload: does(upload('a')), collector: collects } },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'the delete of a manifest and a push of the same',
  { setting: tagged, processes: { delete: does({ kind: 'delete manifest', repository: 'a', image: one }), push: does(push(one, 't')) } },
  { kills: 1 },
  { losses: 1 },
)

someSchedules(
  'the delete of a repository and a push into it',
  { setting: tagged, processes: { delete: does({ kind: 'delete repository', repository: 'a' }), push: does(push(one, 'v')) } },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'the delete of an empty repository and the push of a manifest without blobs',
  { setting: emptied, processes: { delete: does({ kind: 'delete repository', repository: 'a' }), push: does(push(index)) } },
  { kills: 1 },
)

everySchedule(
  'the delete of a manifest without blobs, whose process dies',
  { setting: () => prepare({ operations: [push(index, 't')] }), processes: { delete: does({ kind: 'delete manifest', repository: 'a', image: index }) } },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'a mount and the delete of the blob in its source',
  {
    setting: unused,
    processes: { mount: does({ kind: 'mount', repository: 'b', blob: 'config', from: 'a' }), delete: does({ kind: 'delete blob', repository: 'a', blob: 'config' }) },
  },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'a mount and the collector',
  {
    setting: leaseOver,
    processes: { mount: does({ kind: 'mount', repository: 'b', blob: 'config', from: 'a' }), collector: collects },
  },
  { kills: 1 },
  { losses: 1 },
)

someSchedules(
  'the sweep after a deleted manifest and a push that brings it back',
  {
    setting: tagged,
    processes: {
      sweep: async (run, process) => {
        await run.operate(process, { kind: 'delete manifest', repository: 'a', image: one })
        await sweeps(run, process)
      },
      push: does(push(one, 'u')),
    },
  },
  { kills: 1 },
)

everySchedule(
  'the sweep of a dead tag and a push that takes the tag again',
  { setting: doomed, processes: { sweep: sweepsManifests, push: does(push(index, 't')) } },
  { kills: 1 },
  { losses: 1 },
)

everySchedule(
  'a push that takes so long that it expires, the delete of its blob and the collector',
  {
    setting: leaseOver,
    processes: { push: does(push()), clock: waits(2 * 3_600_000), delete: does({ kind: 'delete blob', repository: 'a', blob: 'config' }) },
  },
  { kills: 1 },
)

everySchedule(
  'two uploads that heal a corrupt blob, and the collector',
  {
    setting: corrupt,
    finally: ({ world }) => uncoveredObjects(world)[0],
    processes: { first: does(upload('a')), second: does(upload('b')), collector: collects },
  },
  { kills: 1 },
)

everySchedule(
  'an upload, and a verifier that finds the blob corrupt',
  {
    setting: damaged,
    processes: {
      upload: does(upload('a')),
      verifier: verifies(),
      read: does({ kind: 'read blob', repository: 'a', blob: 'config' }),
    },
  },
  { kills: 1 },
)

everySchedule(
  'a blob that is collected, and pushed to another repository',
  {
    setting: leaseOver,
    processes: { upload: does(upload('b')), collector: collects },
  },
)

everySchedule(
  'a close whose answer is lost, and whose process dies',
  {
    setting: () => prepare({ operations: [] }),
    processes: { upload: does(upload('a', ['con', 'fig'])) },
    finally: ({ world }) => {
      const uncovered = uncoveredObjects(world)
      return uncovered.length > 0 ? `no row, session or note knows of ${uncovered.join(', ')}` : undefined
    },
  },
  { kills: 1, losses: 1 },
)

everySchedule(
  'a push of a manifest that is there, its delete and the collector',
  {
    setting: taggedLongAgo,
    processes: {
      client: async (run, process) => {
        await run.operate(process, push(one, 'u'))
        await run.operate(process, { kind: 'delete manifest', repository: 'a', image: one })
      },
      collector: collects,
    },
  },
)

everySchedule(
  'a push that is taken for dead, and the delete of its blob then',
  {
    setting: unused,
    processes: {
      push: does(push()),
      others: async (run, process) => {
        await waits(2 * 3_600_000, [{ place: rowKeys.pushes('00'), item: '*', writes: true }])(run, process)
        await run.work(process, async () => {
          await endExpiredPushes(process.context, '00')
        })
        await run.operate(process, { kind: 'delete blob', repository: 'a', blob: 'config' })
      },
    },
  },
)

someSchedules(
  'a manifest that is deleted and comes back under one of its tags',
  {
    setting: tagged,
    processes: {
      delete: async (run, process) => {
        await run.operate(process, { kind: 'delete manifest', repository: 'a', image: one })
        const other = run.start('push')
        await run.operate(other, push(one, 'u'))
        await run.operate(other, { kind: 'read tag', repository: 'a', tag: 't' })
      },
    },
  },
)

everySchedule(
  'a collector that has condemned a blob, and a push that names it',
  { setting: () => condemned(), processes: { push: does(push()), collector: collects } },
  { kills: 1 },
)

everySchedule(
  'the delete of a manifest and a push that tags it',
  {
    setting: () => prepare({ operations: [...blobsIn('a', ['config']), push()] }),
    processes: { delete: does({ kind: 'delete manifest', repository: 'a', image: one }), push: does(push(one, 't')) },
  },
)

someSchedules(
  'one operation after the other, until their process dies',
  {
    setting: () => prepare({ operations: blobsIn('a', ['config', 'base']) }),
    processes: {
      client: async (run, process) => {
        await run.operate(process, push(one, 't'))
        await run.operate(process, push(two, 't'))
        await run.operate(process, { kind: 'delete tag', repository: 'a', tag: 't' })
        await run.operate(process, { kind: 'delete manifest', repository: 'a', image: two })
      },
    },
  },
  { kills: 1 },
)

function sessionOf({ world }: Run): string {
  for (const { sort } of world.rowsOf('uploads/')) return sort
  throw new Error('there is no session')
}
