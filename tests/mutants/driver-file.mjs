const source = 'packages/driver-file/src'
const test = 'packages/driver-file/test'
const conformance = `${test}/conformance.test.ts`
const durability = `${test}/durability.test.ts`
const failures = `${test}/failures.test.ts`

export const driverFile = [
  {
    name: 'put does not fsync the file',
    file: `${source}/write-object.ts`,
    find: `await told(handle.sync(), path, about)`,
    replace: ``,
    test: { file: durability, title: 'fsyncs the file, renames it, fsyncs its directory' },
  },
  {
    name: 'an fsync that fails while more is written is forgotten',
    file: `${source}/write-object.ts`,
    find: `  await told(early.end(), path, about)
`,
    replace: ``,
    test: { file: failures, title: 'at an early fsync tells it' },
  },
  {
    name: 'an early fsync that failed is the last one of the process',
    file: `${source}/early-write-back.ts`,
    find: `.finally(() => {`,
    replace: `.then(() => {`,
    test: { file: failures, title: 'at an early fsync tells it' },
  },
  {
    name: 'a large file is brought to the disk at the end only',
    file: `${source}/early-write-back.ts`,
    find: `if (pending < stretch || isBusy) return`,
    replace: `return`,
    test: { file: durability, title: 'brings bytes to the disk while more are written' },
  },
  {
    name: 'every large file has an early fsync under way',
    file: `${source}/early-write-back.ts`,
    find: ` || isBusy) return`,
    replace: `) return`,
    test: { file: durability, title: 'does not wait for what another has under way' },
  },
  {
    name: 'an object is read without a look at where it lies',
    file: `${source}/read-object.ts`,
    find: `    await refuseLinkedFile(handle, root, key, 'open')
`,
    replace: ``,
    test: { file: `${test}/links.test.ts`, title: 'refuses %s, by its path, and changes nothing' },
  },
  {
    name: 'an object behind a link that leads nowhere is absent',
    file: `${source}/read-object.ts`,
    find: `    await refuseLinkedFolders(root, key, 'open')
`,
    replace: ``,
    test: { file: `${test}/links.test.ts`, title: 'refuses %s, by its path, and changes nothing' },
  },
  {
    name: 'put renames before the fsync',
    file: `${source}/write-object.ts`,
    find: `    await told(handle.sync(), path, about)
    await told(handle.close(), path, about)
    limits.signal?.throwIfAborted()
    await told(moveInto(path, temporary.path, storage.directories), path, about)`,
    replace: `    limits.signal?.throwIfAborted()
    await told(moveInto(path, temporary.path, storage.directories), path, about)
    await told(handle.sync(), path, about)
    await told(handle.close(), path, about)`,
    test: { file: durability, title: 'fsyncs the file, renames it, fsyncs its directory' },
  },
  {
    name: 'put does not fsync the directory of the file',
    file: `${source}/durable-directories.ts`,
    find: `      await syncDirectory(directory)
      const settled`,
    replace: `      const settled`,
    test: { file: durability, title: 'fsyncs no parent again that it has fsynced' },
  },
  {
    name: 'a directory counts as durable when this process has made it',
    file: `${source}/durable-directories.ts`,
    find: `await makeDirectories(directory)`,
    replace: `if ((await makeDirectories(directory)) !== undefined) durable.add(directory)`,
    test: { file: durability, title: 'fsyncs the file, renames it, fsyncs its directory' },
  },
  {
    name: 'only directories that this process has made are fsynced',
    file: `${source}/durable-directories.ts`,
    find: `!durable.has(child); child`,
    replace: `durable.has('') && !durable.has(child); child`,
    test: { file: durability, title: 'fsyncs the parents of directories that another process has made' },
  },
  {
    name: 'a directory counts as durable while its fsync is under way',
    file: `${source}/durable-directories.ts`,
    find: `        await syncDirectory(dirname(child))
        settled.push(child)`,
    replace: `        const synced = syncDirectory(dirname(child))
        durable.add(child)
        await synced`,
    test: { file: durability, title: 'does not rely on an fsync that another put has only begun' },
  },
  {
    name: 'a directory counts as durable though its fsync failed',
    file: `${source}/durable-directories.ts`,
    find: `        await syncDirectory(dirname(child))
        settled.push(child)`,
    replace: `        durable.add(child)
        await syncDirectory(dirname(child))`,
    test: { file: failures, title: 'does not take a directory for durable when its fsync failed' },
  },
  {
    name: 'put leaves its temporary file when the body throws',
    file: `${source}/write-object.ts`,
    find: `await rm(temporary.path, { force: true }).catch(() => undefined)`,
    replace: ``,
    test: { file: failures, title: 'for %s leaves nothing' },
  },
  {
    name: 'put leaves the key empty when the body throws',
    file: `${source}/write-object.ts`,
    find: `await rm(temporary.path, { force: true }).catch(() => undefined)`,
    replace: `await rename(temporary.path, path)`,
    test: { file: conformance, case: 'put/throws-midway' },
  },
  {
    name: 'a temporary file is listed',
    file: `${source}/temporary-files.ts`,
    find: `join(root, '@tmp')`,
    replace: `join(root, 'tmp')`,
    test: { file: conformance, case: 'put/unseen' },
  },
  {
    name: 'put takes a part that was written for the whole',
    file: `${source}/write-object.ts`,
    find: `start += (await told(handle.write(bytes, start), path, about)).bytesWritten`,
    replace: `start += bytes.byteLength + 0 * (await told(handle.write(bytes, start), path, about)).bytesWritten`,
    test: { file: failures, title: 'writes on where the file system takes a part of what it is given' },
  },
  {
    name: 'put does not compare the size that was declared',
    file: `${source}/write-object.ts`,
    find: `checkedBody(body, limits)`,
    replace: `checkedBody(body, { ...limits, size: undefined })`,
    test: { file: conformance, case: 'put/short' },
  },
  {
    name: 'put does not say that its outcome is unknown behind the rename',
    file: `${source}/write-object.ts`,
    find: `{ ...about, outcome: 'unknown' }`,
    replace: `about`,
    test: { file: failures, title: 'at %s, behind the rename, tells that its outcome is unknown' },
  },
  {
    name: 'the last bytes of a body are lost',
    file: `${source}/gather.ts`,
    find: `    if (filled > 0) yield buffer.subarray(0, filled)`,
    replace: `    if (filled === gathered) yield buffer.subarray(0, filled)`,
    test: { file: `${source}/gather.test.ts`, title: 'gathers %j to %j' },
  },
  {
    name: 'a reader that left early leaves the memory that it may still be sending from',
    file: `${source}/read-object.ts`,
    find: `    // Whoever left early may still be sending from it.
    if (reused) giveBuffer(reused)
  } finally {`,
    replace: `  } finally {
    if (reused) giveBuffer(reused)`,
    test: { file: `${test}/reading.test.ts`, title: 'gives readers at the same time chunks of their own, also beside one that ended early and may still be sending' },
  },
  {
    name: 'chunks of whoever keeps them are overwritten',
    file: `${source}/read-object.ts`,
    find: `reuse = false }`,
    replace: `reuse = true }`,
    test: { file: conformance, case: 'open/kept-chunks' },
  },
  {
    name: 'two bodies are gathered in one buffer',
    file: `${source}/buffers.ts`,
    find: `spare.pop() ??`,
    replace: `spare[0] ??`,
    test: { file: `${source}/gather.test.ts`, title: 'gathers several bodies at once, each in a buffer of its own' },
  },
  {
    name: 'delete does not fsync the directory',
    file: `${source}/delete-objects.ts`,
    find: `await told(ifPresent(syncDirectory(directory)), directory, { operation, outcome: 'unknown' })`,
    replace: `void directory`,
    test: { file: durability, title: 'fsyncs each directory once, when everything is unlinked' },
  },
  {
    name: 'delete forgets every key behind the first',
    file: `${source}/delete-objects.ts`,
    find: `for (const key of keys) {`,
    replace: `for (const key of keys.slice(0, 1)) {`,
    test: { file: conformance, case: 'delete/thousand' },
  },
  {
    name: 'a range ends one byte early',
    file: `${source}/read-object.ts`,
    find: `chunksOf(handle, { start, end, reuse }, path, about)`,
    replace: `chunksOf(handle, { start, end: range?.end === undefined ? end : end - 1, reuse }, path, about)`,
    test: { file: conformance, case: 'open/range' },
  },
  {
    name: 'a file that is cut off ends as if it were whole',
    file: `${source}/read-object.ts`,
    find: `if (bytesRead === 0) {`,
    replace: `if (bytesRead === 0) return
      if (bytesRead < 0) {`,
    test: { file: `${test}/reading.test.ts`, title: 'is CORRUPT, and names the path' },
  },
  {
    name: 'a list orders folders by their names without the slash',
    file: `${source}/list-objects.ts`,
    find: `.sort((a, b) => (a.name < b.name ? -1 : 1))`,
    replace: `.sort((a, b) => (a.name.replace('/', '') < b.name.replace('/', '') ? -1 : 1))`,
    test: { file: conformance, case: 'list/order' },
  },
  {
    name: 'a list begins with the key that it is to begin after',
    file: `${source}/list-objects.ts`,
    find: `key > after`,
    replace: `key >= after`,
    test: { file: conformance, case: 'list/pages' },
  },
  {
    name: 'a list loses the rest of the folder that its cursor is in',
    file: `${source}/list-objects.ts`,
    find: `(folder > after || after.startsWith(folder))`,
    replace: `folder > after`,
    test: { file: conformance, case: 'list/pages' },
  },
  {
    name: 'a symbolic link is followed out of the root',
    file: `${source}/links.ts`,
    find: `if (stats.isSymbolicLink()) throw linkRefused(path, { operation, key })`,
    replace: ``,
    test: { file: `${test}/links.test.ts`, title: 'refuses %s, by its path, and changes nothing' },
  },
  {
    name: 'a start removes what a living process is writing',
    file: `${source}/process-mark.ts`,
    find: `if (!isRunning(Number(pid))) return true`,
    replace: `if (pid !== '') return true`,
    test: { file: `${test}/leftovers.test.ts`, title: 'leaves alone what a living process is writing at this moment' },
  },
  {
    name: 'a new root does not survive a power loss',
    file: `${source}/open-root.ts`,
    find: `await syncParents(root, first)`,
    replace: ``,
    test: { file: durability, title: 'fsyncs what holds the root and each directory above it' },
  },
]
