const source = 'packages/engine/src'
const test = 'packages/engine/test'

const lost = (title) => ({ file: `${test}/lost-commits.test.ts`, title })
const swept = (title) => ({ file: `${test}/sweeps.test.ts`, title })
const rebuilt = (title) => ({ file: `${test}/rebuild-rules.test.ts`, title })
const backedUp = { file: 'packages/server/test/durability/backup.test.ts', title: 'leaves the whole archive or none of that name, and the whole one once the command has ended' }

const behind = 'is found where it is that of %s, be it gone or of a lower version'
const tombstones = 'is so beside tombstones that go meanwhile, with their records, and rows that are put again and go on'

/** What sweeps and rebuilds leave alone, and what a backup and an index that is set aside wait for. */
export const sweeps = [
  {
    name: 'the sweep deletes what commits named that the index lost',
    file: `${source}/sweep/unnamed-objects.ts`,
    find: `if (!(await mayDelete())) return deleted`,
    replace: `void mayDelete`,
    test: lost('has nothing deleted that it lost, says so once, and is whole again after a rebuild'),
  },
  {
    name: 'the bytes of a session go whose end the index lost',
    file: `${source}/sweep/expired-uploads.ts`,
    find: `if (!(await mayDelete())) return ended`,
    replace: `void mayDelete`,
    test: lost('keeps the bytes of a session whose end it lost'),
  },
  {
    name: 'the text of a manifest goes whose last commit the index lost',
    file: `${source}/sweep/expired-pushes.ts`,
    find: `if (row.value.object !== undefined && !(await mayDelete())) continue`,
    replace: `void mayDelete`,
    test: lost('keeps the text of a manifest whose push it takes for one that died'),
  },
  {
    name: 'the bytes go that healed a blob, where the index lost the heal',
    file: `${source}/sweep/lost-commits.ts`,
    find: `if (blob?.value.objects[0]?.key === from) yield key`,
    replace: `if (blob?.value.objects[0]?.key === '') yield key`,
    test: lost('keeps the bytes of a blob that was healed'),
  },
  {
    name: 'a row that is older than its record passes for whole',
    file: `${source}/sweep/lost-commits.ts`,
    find: `(rows[n]?.value.version ?? -1) < version`,
    replace: `rows[n] === undefined && version > 0`,
    test: lost(behind),
  },
  {
    name: 'a row that is gone passes for whole',
    file: `${source}/sweep/lost-commits.ts`,
    find: `(rows[n]?.value.version ?? -1) < version`,
    replace: `(rows[n]?.value.version ?? version) < version`,
    test: lost(behind),
  },
  {
    name: 'a row whose name is too long for a key is not looked for',
    file: `${source}/sweep/lost-commits.ts`,
    find: `recordAt(group.place) ?? (await readRecord(context, group)).row)`,
    replace: `recordAt(group.place) ?? (context.exclusive ? undefined : (await readRecord(context, group)).row))`,
    test: lost(behind),
  },
  {
    name: 'a tombstone that goes meanwhile passes for a lost commit',
    file: `${source}/sweep/lost-commits.ts`,
    find: `yield* keys.filter((_, n) => infos[n] !== undefined)`,
    replace: `yield* keys.filter((_, n) => n < infos.length)`,
    test: lost(tombstones),
  },
  {
    name: 'a storage that another index took over passes for one with lost commits',
    file: `${source}/sweep/whole-index.ts`,
    find: `  await requireOwnStorage(context)
`,
    replace: `  void requireOwnStorage
`,
    test: lost('is no loss where another index has taken the storage over'),
  },
  {
    name: 'every sweep looks anew for lost commits',
    file: `${source}/sweep/whole-index.ts`,
    find: `findings.isIndexWhole ??= look`,
    replace: `findings.isIndexWhole = look`,
    test: lost('is looked at once by a process'),
  },
  {
    name: 'a look for lost commits that failed is never made again',
    file: `${source}/sweep/whole-index.ts`,
    find: `    findings.isIndexWhole = undefined
`,
    replace: ``,
    test: lost('is looked at again where that failed, and nothing goes before'),
  },
  {
    name: 'a look for lost commits goes on though the registry is closed',
    file: `${source}/sweep/whole-index.ts`,
    find: `signal: context.background.ending`,
    replace: `signal: new AbortController().signal`,
    test: lost('is looked at no further where the registry is closed'),
  },
  {
    name: 'lost commits are told only where there is something to delete',
    file: `${source}/sweep/worker.ts`,
    find: `    await isIndexWhole(context)
`,
    replace: `    void isIndexWhole
`,
    test: lost('is told in the first round, also where there is nothing to delete'),
  },
  {
    name: 'nobody sees that a wrong bit in the log took commits',
    file: `${source}/sweep/whole-index.ts`,
    find: `if (example === undefined) return true`,
    replace: `if (count >= 0) return true`,
    test: { file: 'packages/server/test/durability/damaged-log.test.ts', title: 'a wrong bit in the log of the index after a crash is told, and takes no byte that was answered for' },
  },
  {
    name: 'the sweep deletes the records of replaced objects',
    file: `${source}/sweep/unnamed-objects.ts`,
    find: `key.includes('!') || `,
    replace: ``,
    test: swept('is no record of replaced objects: without it a rebuild does not find the bytes that healed a blob'),
  },
  {
    name: 'a tombstone goes though an older record has come late',
    file: `${source}/sweep/buried-rows.ts`,
    find: `    if (older.length === 0) break
    await driver.delete(older)`,
    replace: `    if (older.length > 0) await driver.delete(older)
    break`,
    test: swept('stays until it is alone: a record may come late, of a process that was slow'),
  },
  {
    name: 'a rebuild waits for less than processes may go on writing',
    file: `${source}/rebuild/rebuild-index.ts`,
    find: `const waitFactor = 1.1`,
    replace: `const waitFactor = 0.5`,
    test: rebuilt('waits for as long as processes may go on writing that have not seen it'),
  },
  {
    name: 'a rebuild deletes the records before a bad one',
    file: `${source}/rebuild/restore-batch.ts`,
    find: `reading.state !== 'bad' && `,
    replace: ``,
    test: rebuilt('leaves the records before a bad one where they are, for whoever can mend it'),
  },
  {
    name: 'after a power loss an index that was set aside is back without its log',
    file: 'packages/index-sqlite/src/set-aside.ts',
    find: `    await syncDirectory(path.dirname(file))
`,
    replace: `    void syncDirectory
`,
    test: { file: 'packages/index-sqlite/test/set-aside.test.ts', title: 'takes the log only once a power loss cannot bring back the database without it' },
  },
  {
    name: 'after a power loss the bytes of a backup are missing',
    file: 'packages/server/src/cli/archive.ts',
    find: `, flush: true }`,
    replace: ` }`,
    test: backedUp,
  },
  {
    name: 'after a power loss the name of a backup is missing',
    file: 'packages/server/src/cli/archive.ts',
    find: `      await syncDirectory(dirname(target))
`,
    replace: `      void [syncDirectory, dirname]
`,
    test: backedUp,
  },
  {
    name: 'an index that lost commits buries tags that moved on',
    file: 'packages/engine/src/sweep/notes.ts',
    find: `if (await mayDelete()) await sweepManifest`,
    replace: `await sweepManifest`,
    test: { file: 'packages/engine/test/lost-commits.test.ts', title: 'keeps the tag of a deleted manifest that had moved on, while the sweep after that delete is still to come' },
  },
  {
    name: 'a backup makes tombstones of records that a rebuild could not read',
    file: 'packages/engine/src/backup.ts',
    find: `isUnreadable: 'unreadable' in value`,
    replace: `isUnreadable: 'unreadable' in value && 'moved' in value`,
    test: { file: 'packages/server/test/backup.test.ts', title: 'has a record that a rebuild could not read as it is, and names it, so that no delete comes of it' },
  },
]
