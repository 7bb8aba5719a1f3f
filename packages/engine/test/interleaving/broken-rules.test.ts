import { expect, it } from 'vitest'
import { collects, condemned, corrupt, damaged, does, leaseOver, push, unused, upload, verifies } from './configurations.js'
import { type Configuration, explore } from './explore.js'
import { Violation } from './run.js'
import { uncoveredObjects } from './uncovered.js'

/** Rules whose breach the models found to lose something, in what is not the engine's own yet: each has to show here. */
const breaches: readonly (readonly [rule: string, configuration: Configuration])[] = [
  ['the collector looks once', { setting: unused, processes: { push: does(push()), collector: collects }, collectorRules: { looksOnce: true, clockIsAhead: true } }],
  ['the collector drops a row whatever became of it', { setting: leaseOver, processes: { push: does(push()), collector: collects }, collectorRules: { dropsBlindly: true } }],
  ['the collector looks at the manifest first', { setting: leaseOver, processes: { push: does(push()), collector: collects }, collectorRules: { looksAtManifestFirst: true } }],
  ['the collector looks at no lease', { setting: unused, processes: { read: does({ kind: 'read blob', repository: 'a', blob: 'config' }), collector: collects }, collectorRules: { ignoresLeases: true } }],
  [
    'the collector condemns a corrupt row like another',
    { setting: corrupt, processes: { upload: does(upload('b')), collector: collects }, collectorRules: { condemnsCorrupt: true } },
  ],
  [
    'the collector notes the objects after it dropped their row',
    {
      setting: leaseOver,
      processes: { collector: collects },
      collectorRules: { notesLater: true },
      kills: 1,
      finally: ({ world }) => uncoveredObjects(world)[0],
    },
  ],
  ['the verifier marks a row whatever became of it', { setting: damaged, processes: { upload: does(upload('a')), verifier: verifies(), other: verifies({ marksBlindly: true }) } }],
  [
    'the revisions of an index start over',
    {
      setting: () => condemned(true),
      processes: {
        client: async (run, process) => {
          await run.operate(process, upload('a'))
          await run.operate(process, upload('b'))
        },
        collector: collects,
        other: collects,
      },
    },
  ],
]

it.each(breaches)('shows when %s', { timeout: 120_000 }, async (_, configuration) => {
  await expect(explore(configuration, 20_000)).rejects.toThrow(Violation)
})

it('does not show where the rules are kept, and only the clock of the collector is wrong', async () => {
  const kept: Configuration = { setting: unused, processes: { push: does(push()), collector: collects }, collectorRules: { clockIsAhead: true } }
  expect((await explore(kept, 1000)).states).toBeGreaterThan(100)
})
