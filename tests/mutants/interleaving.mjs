const source = 'packages/engine/src'
const file = 'packages/engine/test/interleaving/every-schedule.test.ts'
const seeds = 'packages/engine/test/interleaving/seeds.test.ts'

const ofBlobDelete = { file, title: 'a manifest push and the delete of a blob that it names' }
const ofCollector = { file, title: 'a manifest push and the collector' }
const ofUpload = { file, title: 'an upload, and the collector that drops the blob as it was' }
const ofMount = { file, title: 'a mount and the collector' }
const ofManifestDelete = { file, title: 'the delete of a manifest and a push of the same' }
const ofRepositoryDelete = { file, title: 'the delete of a repository and a push into it' }
const ofHeal = { file, title: 'two uploads that heal a corrupt blob, and the collector' }
const ofSession = { file, title: 'two requests that close one session' }
const ofExpiry = { file, title: 'a push that takes so long that it expires, the delete of its blob and the collector' }
const ofTag = { file, title: 'two pushes that move one tag' }
const ofDeath = { file, title: 'one operation after the other, until their process dies' }
const kept = { file: seeds, title: 'was wrong once, seed %i: %s' }

/** What the models found to be wrong, done to the engine: whatever the order of calls, it has to show. */
export const interleaving = [
  {
    name: 'in some order: a condemned blob is only looked at',
    file: `${source}/promise-blobs.ts`,
    find: `changes.push(renewed(context, digest, blob))`,
    replace: `changes.push({ op: 'check', key: rowKeys.blob(digest), expect: blob })`,
    test: { file, title: 'a collector that has condemned a blob, and a push that names it' },
  },
  {
    name: 'in some order: a lease is renewed at whatever revision',
    file: `${source}/leases.ts`,
    find: `state: 'live', lease: freshLease(context) } satisfies Blob, row)`,
    replace: `state: 'live', lease: freshLease(context) } satisfies Blob)`,
    test: ofCollector,
  },
  {
    name: 'in some order: a push looks for its blobs before it announces that it uses them',
    file: `${source}/manifest-push.ts`,
    find: `  const announcement = live ? undefined : await announce(context, incoming)
  const plan = await committed(context, incoming, rows, announcement, lost)`,
    replace: `  await promiseBlobs(context, incoming.repository, blobsNamed(incoming.document))
  const announcement = live ? undefined : await announce(context, incoming)
  const plan = await committed(context, { ...incoming, document: { ...incoming.document, blobs: [] } }, rows, announcement, lost)`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a push writes its edges before it announces itself',
    file: `${source}/manifest-push.ts`,
    find: `await commitInBatches(index, [putRow(rowKeys.push(generation), push), ...edges], { durable: false })`,
    replace: `await index.commit(edges)
    await index.commit([putRow(rowKeys.push(generation), push)])`,
    test: ofCollector,
  },
  {
    name: 'in some order: a push is committed though its announcement is gone',
    file: `${source}/manifest-push.ts`,
    find: `deleteRow(rowKeys.push(generation), 'present')`,
    replace: `deleteRow(rowKeys.push(generation))`,
    test: { file, title: 'a push that is taken for dead, and the delete of its blob then' },
  },
  {
    name: 'in some order: an edge is judged by its manifest first',
    file: `${source}/valid-edges.ts`,
    find: `    const pushes = await readRows(index, edges.map(({ generation }) => rowKeys.push(generation)), options)
    const manifests = await readRows(index, edges.map((edge) => rowKeys.manifest(edge.repository, edge.manifest)), options)`,
    replace: `    const manifests = await readRows(index, edges.map((edge) => rowKeys.manifest(edge.repository, edge.manifest)), options)
    const pushes = await readRows(index, edges.map(({ generation }) => rowKeys.push(generation)), options)`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: the delete of a blob passes over a push that expired and stands',
    file: `${source}/valid-edges.ts`,
    find: `return pushes[n] !== undefined || `,
    replace: `return (pushes[n]?.value.expires ?? 0) > context.now() || `,
    test: ofExpiry,
  },
  {
    name: 'in some order: a push passes over a marked link',
    file: `${source}/promise-blobs.ts`,
    find: `if (link.value.marked) changes.push`,
    replace: `if (!link) changes.push`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a push only checks a marked link',
    file: `${source}/promise-blobs.ts`,
    find: `changes.push(putRow(rowKeys.link(repository, digest), { incarnation: link.value.incarnation }, link))`,
    replace: `changes.push({ op: 'check', key: rowKeys.link(repository, digest), expect: link })`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a push rewrites a marked link blindly',
    file: `${source}/promise-blobs.ts`,
    find: `{ incarnation: link.value.incarnation }, link))`,
    replace: `{ incarnation: link.value.incarnation }))`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a blob is deleted without a mark',
    file: `${source}/delete-blob.ts`,
    find: `const marked = found.link.value.marked ? found.link : await mark(context, repository, digest, found.link)`,
    replace: `const marked = found.link`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a marked link is deleted whatever became of the mark',
    file: `${source}/delete-blob.ts`,
    find: `await index.commit([deleteRow(key, marked)])`,
    replace: `await index.commit([deleteRow(key)])`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a marked link reads as absent',
    file: `${source}/readable-blob.ts`,
    find: `if (!blob || !link || `,
    replace: `if (!blob || !link || link.value.marked || `,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a link is good for every life of its blob',
    file: `${source}/readable-blob.ts`,
    find: ` || link.value.incarnation !== blob.value.incarnation`,
    replace: ``,
    test: { file, title: 'a blob that is collected, and pushed to another repository' },
  },
  {
    name: 'in some order: a mount links a blob without a promise',
    file: `${source}/blobs.ts`,
    find: `[renewed(context, digest, blob), putRow(key`,
    replace: `[putRow(key`,
    test: ofMount,
  },
  {
    name: 'in some order: a mount only asks for the row of the blob to be there',
    file: `${source}/blobs.ts`,
    find: `[renewed(context, digest, blob), putRow(key`,
    replace: `[{ op: 'check', key: rowKeys.blob(digest), expect: 'present' }, putRow(key`,
    test: ofMount,
  },
  {
    name: 'in some order: a mount takes a condemned blob as it is',
    file: `${source}/leases.ts`,
    find: `  if (isFresh(context, row.value)) return checkRow(key, row)`,
    replace: `  if (row.value.size >= 0) return checkRow(key, row)`,
    test: ofMount,
  },
  {
    name: 'in some order: a mount renews a lease at whatever revision',
    file: `${source}/leases.ts`,
    find: `state: 'live', lease: freshLease(context) } satisfies Blob, row)`,
    replace: `state: 'live', lease: freshLease(context) } satisfies Blob)`,
    test: ofMount,
  },
  {
    name: 'in some order: a corrupt blob is healed at whatever revision',
    file: `${source}/close-upload.ts`,
    find: `putRow(key, healed, blob)`,
    replace: `putRow(key, healed)`,
    test: ofHeal,
  },
  {
    name: 'in some order: an upload of bytes that are there keeps them at whatever revision',
    file: `${source}/close-upload.ts`,
    find: `putRow(key, kept, blob)`,
    replace: `putRow(key, kept)`,
    test: ofUpload,
  },
  {
    name: 'in some order: replaced objects are deleted before the commit that replaces them',
    file: `${source}/close-upload.ts`,
    find: `  try {
    await context.index.commit([
      deleteRow(rowKeys.upload(id), row),`,
    replace: `  try {
    await context.driver.delete(trash)
    await context.index.commit([
      deleteRow(rowKeys.upload(id), row),`,
    test: ofHeal,
  },
  {
    name: 'in some order: an upload that meets a conflict deletes its objects',
    file: `${source}/close-upload.ts`,
    find: `if (RegistryError.is(error, 'CONFLICT')) throw error`,
    replace: `await context.driver.delete(upload.objects.map(({ key: each }) => each))
    if (RegistryError.is(error, 'CONFLICT')) throw error`,
    test: { file, title: 'two uploads of one blob' },
  },
  {
    name: 'in some order: objects of a commit whose answer was lost are deleted at once',
    file: `${source}/abandon-upload.ts`,
    find: `  if (!isUnknown(error)) {`,
    replace: `  await context.driver.delete(fresh)
  if (!isUnknown(error)) {`,
    test: ofSession,
  },
  {
    name: 'in some order: a session ends in one commit and its trash is noted in the next',
    file: `${source}/abandon-upload.ts`,
    find: `await context.index.commit([putRow(rowKeys.upload(id), row.value, row), note.change])`,
    replace: `await context.index.commit([{ op: 'delete', key: rowKeys.upload(id), expect: row }])
    await context.index.commit([note.change])`,
    test: { file, title: 'a close whose answer is lost, and whose process dies' },
  },
  {
    name: 'in some order: trash is deleted without asking whether something names it',
    file: `${source}/trash.ts`,
    find: `const unnamed = await unnamedObjects(context, [...note.value.objects, ...(await objectsOfUpload(context, note.value))])`,
    replace: `const unnamed = note.value.objects`,
    test: ofSession,
  },
  {
    name: 'in some order: a repository is deleted without a mark',
    file: `${source}/delete-repository.ts`,
    find: `const marked = row.value.marked ? row : await mark(context, repository, row)`,
    replace: `const marked = row`,
    test: ofRepositoryDelete,
  },
  {
    name: 'in some order: a repository is buried whatever became of the mark',
    file: `${source}/delete-repository.ts`,
    find: `changes: [putRow(key, tombstone, marked)]`,
    replace: `changes: [putRow(key, tombstone)]`,
    test: ofRepositoryDelete,
  },
  {
    name: 'in some order: a push only checks the row of a marked repository',
    file: `${source}/manifest-push.ts`,
    find: `return marked ? { ...relied, changes: [putRepository(context, repository, unmarked, rows.repository)] } : relied`,
    replace: `return marked ? (unmarked.created > 0 ? relied : relied) : relied`,
    test: ofRepositoryDelete,
  },
  {
    name: 'in some order: a push wants the row of its repository to be there, be it a tombstone',
    file: `${source}/manifest-push.ts`,
    find: `return marked ? { ...relied, changes: [putRepository(context, repository, unmarked, rows.repository)] } : relied`,
    replace: `return marked && unmarked.created < 0 ? relied : { ...relied, changes: [{ op: 'check', key, expect: 'present' }] }`,
    test: ofRepositoryDelete,
  },
  {
    name: 'in some order: the delete of a repository that met a conflict is answered',
    file: `${source}/delete-repository.ts`,
    find: `  await commitRecorded(context, \`deleting the repository \${repository}\`, plan, { signal })`,
    replace: `  const { changes, records } = await plan()
  try {
    await context.index.commit(changes)
  } catch (error) {
    if (!RegistryError.is(error, 'CONFLICT')) throw error
  }
  if (records.length === 0) await commitRecorded(context, '', plan, { signal })`,
    test: ofRepositoryDelete,
  },
  {
    name: 'in some order: a repository is buried before its manifests',
    file: `${source}/delete-repository.ts`,
    find: `    const marked = row.value.marked ? row : await mark(context, repository, row)`,
    replace: `    const early = tombstoneOf(context, row)
    const [revision] = await context.index.commit([putRow(key, early, row)])
    const marked = { value: early, revision: revision! }`,
    test: ofRepositoryDelete,
  },
  {
    name: 'in some order: a push of a manifest that is there only wants its row to be there',
    file: `${source}/manifest-push.ts`,
    find: `if (announcement === undefined) return relyOn(key, rows.manifest as Row<Manifest>)`,
    replace: `if (announcement === undefined) return { changes: [{ op: 'check', key, expect: 'present' }], records: [], reliesOn: [] }`,
    test: { file, title: 'the delete of a manifest and a push that tags it' },
  },
  {
    name: 'in some order: a push overwrites the manifest that another has pushed meanwhile',
    file: `${source}/manifest-push.ts`,
    find: `putRow(key, manifest, rows.manifest ?? 'absent'),`,
    replace: `putRow(key, manifest),`,
    test: { file, title: 'two pushes of one manifest under two tags, in a repository that is there' },
  },
  {
    name: 'in some order: a tombstone is taken for a manifest',
    file: `${source}/manifest-push.ts`,
    find: `const live = rows.manifest && isLive(rows.manifest.value) ? rows.manifest.value : undefined`,
    replace: `const live = rows.manifest?.value`,
    test: ofManifestDelete,
  },
  {
    name: 'in some order: a push of a manifest that is there promises no blobs',
    file: `${source}/manifest-push.ts`,
    find: `await Promise.all([promiseBlobs(context, incoming.repository, blobsNamed(incoming.document)), isNew && context.confirmIndex()])`,
    replace: `if (announcement) await promiseBlobs(context, incoming.repository, blobsNamed(incoming.document))`,
    test: { file, title: 'a push of a manifest that is there, its delete and the collector' },
  },
  {
    name: 'in some order: a push takes its edges back before its announcement',
    file: `${source}/manifest-push.ts`,
    find: `    await context.index.commit([deleteRow(rowKeys.push(generation), expect)], { durable: false })
    await commitInBatches(context.index, edges.map(({ key }) => deleteRow(key)), { durable: false })`,
    replace: `    await commitInBatches(context.index, edges.map(({ key }) => deleteRow(key)), { durable: false })
    await context.index.commit([deleteRow(rowKeys.push(generation), expect)], { durable: false })`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a push takes its announcement back whatever became of it, and its edges',
    file: `${source}/manifest-push.ts`,
    find: `await cleanUp('present')`,
    replace: `await cleanUp()`,
    test: ofBlobDelete,
  },
  {
    name: 'in some order: a sweep removes the edges of whatever generation there is',
    file: `${source}/sweep-manifest.ts`,
    find: `  const edges = digests.map((digest) => deleteRow(rowKeys.used(digest, repository, doomed.digest, doomed.generation)))`,
    replace: `  const now = (await readRow(context.index, rowKeys.manifest(repository, doomed.digest)))?.value
  const generation = now && 'generation' in now ? now.generation : doomed.generation
  const edges = digests.map((digest) => deleteRow(rowKeys.used(digest, repository, doomed.digest, generation)))`,
    test: ofManifestDelete,
  },
  {
    name: 'in some order: a tag leads to whatever generation of its manifest there is',
    file: `${source}/manifests.ts`,
    find: `if (found?.row.generation === row.value.generation) return found`,
    replace: `if (found) return found`,
    test: { file, title: 'a manifest that is deleted and comes back under one of its tags' },
  },
  {
    name: 'in some order: the tags of a manifest go before it does',
    file: `${source}/manifests.ts`,
    find: `      const generation = await deleteManifest(context, repository, digest, options)`,
    replace: `      const { tags } = await (await import('./tags.js')).tagsOf(context).list(repository, { limit: 10 })
      for (const tag of tags) if ((await byTag(repository, tag))?.digest === digest) await (await import('./delete-tag.js')).deleteTag(context, repository, tag)
      const generation = await deleteManifest(context, repository, digest, options)`,
    test: { file, title: 'the delete of a manifest without blobs, whose process dies' },
  },
  {
    name: 'in some order: records have one key for all versions',
    file: `${source}/keyspace.ts`,
    find: `\${String(version).padStart(20, '0')}\``,
    replace: `\${String(version * 0).padStart(20, '0')}\``,
    test: ofTag,
  },
  {
    name: 'in some order: a push answers before its records are written',
    file: `${source}/manifest-push.ts`,
    find: `await Promise.all([plan.note?.write()`,
    replace: `void Promise.all([plan.note?.write()`,
    test: ofDeath,
  },
  {
    name: 'in some order: a delete answers before its tombstone is recorded',
    file: `${source}/recorded-commit.ts`,
    find: `  await record(context, note, events)`,
    replace: `  void record(context, note, events)`,
    test: ofDeath,
  },
  {
    name: 'in some order: a delete whose commit landed late says that there was nothing',
    file: `${source}/recorded-commit.ts`,
    find: `if (lost === undefined || RegistryError.is(error, 'CONFLICT')) throw error`,
    replace: `if (RegistryError.is(error)) throw error`,
    test: ofTag,
  },
  {
    name: 'in some order: an upload is answered without a promise where its commit never came',
    file: `${source}/close-upload.ts`,
    find: `await promiseBlobs(context, repository, [digest])`,
    replace: `await Promise.resolve()`,
    test: ofUpload,
  },
  {
    name: 'in some order: a manifest that is deleted while it is read is corrupt',
    file: `${source}/manifests.ts`,
    find: `if (!RegistryError.is(error, 'CORRUPT') || row.generation === before) throw error`,
    replace: `if (RegistryError.is(error) || row.generation === before) throw error`,
    test: { file: 'packages/engine/test/manifest-texts.test.ts', title: 'goes with its manifest: who was about to read it finds no manifest, and nothing corrupt' },
  },
  {
    name: 'in some order: a sweep fails where another one was faster',
    file: `${source}/sweep-manifest.ts`,
    find: `if (!RegistryError.is(error, 'CORRUPT') || (await`,
    replace: `if (RegistryError.is(error) || (await`,
    test: { file: 'packages/engine/test/manifest-texts.test.ts', title: 'goes with its manifest: who was about to sweep after that leaves it to who was faster' },
  },
  {
    name: 'in some order: a record that was written late is left',
    file: `${source}/due.ts`,
    find: `row !== undefined && row.version !== written; row = await read()) {`,
    replace: `row !== undefined && row.version !== written && written === record.version; ) {`,
    test: kept,
  },
]
