const driverFile = 'packages/driver-file/src'
const indexSqlite = 'packages/index-sqlite/src'
const engine = 'packages/engine/src'

const powerLoss = 'packages/server/test/durability/power-loss.test.ts'
const told = { file: powerLoss, title: 'takes nothing from $name that it has told' }
const answered = { file: powerLoss, title: 'takes nothing from a registry on $name that it has answered' }
const copy = { file: 'packages/index-sqlite/test/copy.test.ts', title: 'a copy is on the disk before it has its name, and its name before it is said to be there' }

const kill = { file: 'packages/server/test/durability/kill.test.ts', title: 'keeps what it has answered however often it is killed, and works on' }
const fullDisk = 'packages/server/test/durability/full-disk.test.ts'

/** Every fsync, and every commit that waits for one: without any of them a power loss takes something that was promised. */
export const durability = [
  {
    name: 'after a power loss the bytes of an object are missing',
    file: `${driverFile}/write-object.ts`,
    find: `await told(handle.sync(), path, about)`,
    replace: ``,
    test: told,
  },
  {
    name: 'after a power loss the bytes of a blob are missing',
    file: `${driverFile}/write-object.ts`,
    find: `await told(handle.sync(), path, about)`,
    replace: ``,
    test: answered,
  },
  {
    name: 'after a power loss the name of an object is missing',
    file: `${driverFile}/durable-directories.ts`,
    find: `      await syncDirectory(directory)
      const settled`,
    replace: `      const settled`,
    test: told,
  },
  {
    name: 'after a power loss the folder of an object is missing',
    file: `${driverFile}/durable-directories.ts`,
    find: `        await syncDirectory(dirname(child))
        settled.push(child)`,
    replace: `        settled.push(child)`,
    test: told,
  },
  {
    name: 'after a power loss the folder of a blob is missing',
    file: `${driverFile}/durable-directories.ts`,
    find: `        await syncDirectory(dirname(child))
        settled.push(child)`,
    replace: `        settled.push(child)`,
    test: answered,
  },
  {
    name: 'after a power loss a deleted object is back',
    file: `${driverFile}/delete-objects.ts`,
    find: `await told(ifPresent(syncDirectory(directory)), directory, { operation, outcome: 'unknown' })`,
    replace: `void directory`,
    test: told,
  },
  {
    name: 'after a power loss the root is missing, or a folder above it',
    file: `${driverFile}/open-root.ts`,
    find: `await syncParents(root, first)`,
    replace: ``,
    test: told,
  },
  {
    name: 'after a power loss the folder is missing that the root is a link to',
    file: `${driverFile}/open-root.ts`,
    find: `if (real !== root) await syncParents(real, undefined)`,
    replace: ``,
    test: told,
  },
  {
    name: 'after a power loss the folder of the index is missing, or one above it',
    file: `${indexSqlite}/file.ts`,
    find: `await syncUpwards(directory, firstMade)`,
    replace: ``,
    test: told,
  },
  {
    name: 'after a power loss a folder is missing that the index found when it started',
    file: `${indexSqlite}/file.ts`,
    find: `    if (each === path.dirname(each)) return`,
    replace: `    if (!must) return`,
    test: told,
  },
  {
    name: 'after a power loss the folder is missing that a link leads to the index through',
    file: `${indexSqlite}/file.ts`,
    find: `if (real !== directory) await syncUpwards(real, undefined)`,
    replace: ``,
    test: told,
  },
  {
    name: 'after a power loss the first commits are missing',
    file: `${indexSqlite}/connection.ts`,
    find: `database.pragma('synchronous = FULL')`,
    replace: ``,
    test: told,
  },
  {
    name: 'after a power loss commits are missing that came behind one that need not last',
    file: `${indexSqlite}/durability.ts`,
    find: `    database.pragma('synchronous = FULL')`,
    replace: ``,
    test: told,
  },
  {
    name: 'after a power loss what was answered is missing behind the start of an upload',
    file: `${indexSqlite}/durability.ts`,
    find: `    database.pragma('synchronous = FULL')`,
    replace: ``,
    test: answered,
  },
  {
    name: 'after a power loss a commit is missing that a durable one has checked',
    file: `${indexSqlite}/commit.ts`,
    find: `commits[n]!.durable)) forceSync(database)`,
    replace: `commits[n]!.durable)) void forceSync`,
    test: told,
  },
  {
    name: 'the copy of an index from before a migration gets its name before it is on the disk',
    file: `${indexSqlite}/copy.ts`,
    find: `    sync(partial)
`,
    replace: ``,
    test: copy,
  },
  {
    name: 'an index is migrated before the name of its copy is on the disk',
    file: `${indexSqlite}/copy.ts`,
    find: `  sync(path.dirname(copy))
`,
    replace: ``,
    test: copy,
  },
  {
    name: 'after a power loss a blob is missing that was answered',
    file: `${engine}/close-upload.ts`,
    find: `      ...(dueNote ? [dueNote.change] : []),
    ])`,
    replace: `      ...(dueNote ? [dueNote.change] : []),
    ], { durable: false })`,
    test: answered,
  },
  {
    name: 'after a power loss a manifest or a tag is missing that was answered',
    file: `${engine}/manifest-push.ts`,
    find: `await context.index.commit(plan.changes)`,
    replace: `await context.index.commit(plan.changes, { durable: false })`,
    test: answered,
  },
  {
    name: 'after a power loss a mounted blob is missing',
    file: `${engine}/blobs.ts`,
    find: `putRow(key, { incarnation }, link ?? 'absent')], { signal })`,
    replace: `putRow(key, { incarnation }, link ?? 'absent')], { signal, durable: false })`,
    test: answered,
  },
  {
    name: 'after a power loss a storage belongs to an index that has forgotten it',
    file: `${engine}/ownership.ts`,
    find: `await index.commit(changes).catch(`,
    replace: `await index.commit(changes, { durable: false }).catch(`,
    test: answered,
  },
  {
    name: 'after a power loss a deleted manifest or tag is back',
    file: `${engine}/recorded-commit.ts`,
    find: `await context.index.commit([...planned.changes, due.change])`,
    replace: `await context.index.commit([...planned.changes, due.change], { durable: false })`,
    test: answered,
  },
  {
    name: 'after a power loss a deleted blob is back',
    file: `${engine}/delete-blob.ts`,
    find: `await index.commit([deleteRow(key, marked)])`,
    replace: `await index.commit([deleteRow(key, marked)], { durable: false })`,
    test: answered,
  },
  {
    name: 'after a loss of power and index a manifest or a tag is missing',
    file: `${engine}/manifest-push.ts`,
    find: `await Promise.all([plan.note?.write(),`,
    replace: `void Promise.all([plan.note?.write(),`,
    test: { file: powerLoss, title: 'takes no manifest or tag from a registry on $name that loses its index as well' },
  },
  {
    name: 'a session that is closed is gone before its blob is there',
    file: `${engine}/close-upload.ts`,
    find: `    await context.index.commit([
      deleteRow(rowKeys.upload(id), row),
      ...changes,`,
    replace: `    await context.index.commit([deleteRow(rowKeys.upload(id), row)])
    await new Promise((resolve) => setTimeout(resolve, 5))
    await context.index.commit([
      ...changes,`,
    test: kill,
  },
  {
    name: 'a client is not told that the disk is full',
    file: 'packages/server/src/errors.ts',
    find: `NO_SPACE: [507, 'NO_SPACE']`,
    replace: `NO_SPACE: [500, 'UNKNOWN']`,
    test: { file: fullDisk, title: '$name refuses what does not fit, goes on reading, and writes when there is room' },
  },
  {
    name: 'what did not fit stays on the disk',
    file: `${driverFile}/write-object.ts`,
    find: `await rm(temporary.path, { force: true }).catch(() => undefined)`,
    replace: ``,
    test: { file: fullDisk, title: '$name leaves nothing that grows with each attempt' },
  },
]
