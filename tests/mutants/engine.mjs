const source = 'packages/engine/src'
const test = 'packages/engine/test'

export const engine = [
  {
    name: 'a blob is served through any repository',
    file: `${source}/readable-blob.ts`,
    find: `if (!blob || !link || blob.value.state === 'corrupt' || link.value.incarnation !== blob.value.incarnation) return undefined
  return { blob, link }`,
    replace: `if (!blob || blob.value.state === 'corrupt') return undefined
  return { blob, link: link ?? { value: { incarnation: blob.value.incarnation }, revision: '' } }`,
    test: { file: `${test}/blobs.test.ts`, title: 'is unknown where it was never pushed, and where the repository has no link to it' },
  },
  {
    name: 'a link of an earlier incarnation is good',
    file: `${source}/readable-blob.ts`,
    find: ` || link.value.incarnation !== blob.value.incarnation`,
    replace: ``,
    test: { file: `${test}/blobs.test.ts`, title: 'is unknown through a link of an earlier incarnation' },
  },
  {
    name: 'a corrupt blob is served',
    file: `${source}/readable-blob.ts`,
    find: ` || blob.value.state === 'corrupt'`,
    replace: ``,
    test: { file: `${test}/blobs.test.ts`, title: 'is unknown while it is corrupt, and its lease is not renewed' },
  },
  {
    name: 'a condemned blob is promised as it is',
    file: `${source}/leases.ts`,
    find: `return blob.state === 'live' && `,
    replace: `return `,
    test: { file: `${test}/leases.test.ts`, title: 'is given again by %s to a condemned blob, however long it was' },
  },
  {
    name: 'a lease is renewed at whatever revision',
    file: `${source}/leases.ts`,
    find: `return putRow(key, { ...row.value, state: 'live', lease: freshLease(context) } satisfies Blob, row)`,
    replace: `return putRow(key, { ...row.value, state: 'live', lease: freshLease(context) } satisfies Blob)`,
    test: {
      file: `${test}/leases.test.ts`,
      title: 'is renewed by %s at the revision that was read: a blob that is collected meanwhile is not revived',
    },
  },
  {
    name: 'a mount links a blob without a promise',
    file: `${source}/blobs.ts`,
    find: `[renewed(context, digest, blob), putRow(key`,
    replace: `[putRow(key`,
    test: { file: `${test}/leases.test.ts`, title: 'does not link a blob that is collected meanwhile' },
  },
  {
    name: 'a manifest is pushed without its blobs',
    file: `${source}/promise-blobs.ts`,
    find: `if (missing.length > 0) {`,
    replace: `if (missing.length > 1000) {`,
    test: { file: `${test}/manifest-refusals.test.ts`, title: 'is refused where blobs are missing: each is told, and nothing stays' },
  },
  {
    name: 'a manifest is pushed with the blobs of another repository',
    file: `${source}/promise-blobs.ts`,
    find: `asReadable(blobs[n], links[n])`,
    replace: `asReadable(blobs[n], links[n] ?? blobs[n])`,
    test: { file: `${test}/manifest-refusals.test.ts`, title: 'is refused where only another repository has its blobs' },
  },
  {
    name: 'a push leaves the mark on a link that is about to be deleted',
    file: `${source}/promise-blobs.ts`,
    find: `if (link.value.marked) changes.push`,
    replace: `if (!link) changes.push`,
    test: { file: `${test}/manifest-refusals.test.ts`, title: 'takes back the mark of a link that is about to be deleted' },
  },
  {
    name: 'a push looks for its blobs before it announces that it uses them',
    file: `${source}/manifest-push.ts`,
    find: `  const announcement = live ? undefined : await announce(context, incoming)
  const plan = await committed(context, incoming, rows, announcement, lost)`,
    replace: `  await promiseBlobs(context, incoming.repository, blobsNamed(incoming.document))
  const announcement = live ? undefined : await announce(context, incoming)
  const plan = await committed(context, { ...incoming, document: { ...incoming.document, blobs: [] } }, rows, announcement, lost)`,
    test: { file: `${test}/manifest-refusals.test.ts`, title: 'looks for its blobs only after it has announced that it uses them' },
  },
  {
    name: 'a push is committed though its announcement is gone',
    file: `${source}/manifest-push.ts`,
    find: `deleteRow(rowKeys.push(generation), 'present')`,
    replace: `deleteRow(rowKeys.push(generation))`,
    test: { file: `${test}/manifest-refusals.test.ts`, title: 'is not committed when its announcement has expired and is gone' },
  },
  {
    name: 'a push announces itself before the text is stored',
    file: `${source}/manifest-push.ts`,
    find: `    await context.driver.put(object, bodyOf(bytes), { size: bytes.byteLength })`,
    replace: `    setTimeout(() => void context.driver.put(object, bodyOf(bytes), { size: bytes.byteLength }), 20)`,
    test: { file: `${test}/manifest-texts.test.ts`, title: 'is put before the push is announced, and named from then on' },
  },
  {
    name: 'a push whose answer was lost does not keep its commit from landing',
    file: `${source}/manifest-push.ts`,
    find: `await cleanUp('present')`,
    replace: `await Promise.resolve()`,
    test: { file: `${test}/unknown-manifest-outcomes.test.ts`, title: 'does not land late when it was refused after all' },
  },
  {
    name: 'the digest of a manifest is not compared with its reference',
    file: `${source}/manifests.ts`,
    find: `if (reference.kind === 'digest' && reference.digest !== digest) {`,
    replace: `if (reference.kind === 'digest' && reference.digest.length !== digest.length) {`,
    test: { file: `${test}/manifest-refusals.test.ts`, title: 'is refused by another digest than its own' },
  },
  {
    name: 'the media type of a manifest is not compared with its own',
    file: `${source}/manifest-document.ts`,
    find: `if (own !== undefined && own !== type) throw`,
    replace: `if (own === null) throw`,
    test: { file: `${test}/manifest-refusals.test.ts`, title: 'with $title is refused, and leaves nothing' },
  },
  {
    name: 'a manifest that reads as an image and as an index is accepted',
    file: `${source}/manifest-document.ts`,
    find: `if ('manifests' in document && ('layers' in document || 'config' in document)) {`,
    replace: `if ('manifests' in document && 'fsLayers' in document) {`,
    test: { file: `${test}/manifest-refusals.test.ts`, title: 'with $title is refused, and leaves nothing' },
  },
  {
    name: 'the generation is ignored when a tag is read',
    file: `${source}/manifests.ts`,
    find: `if (found?.row.generation === row.value.generation) return found`,
    replace: `if (found) return found`,
    test: { file: `${test}/manifests.test.ts`, title: 'that was deleted is unknown by digest, and by a tag that was set before it came back' },
  },
  {
    name: 'a list shows the tags of deleted manifests',
    file: `${source}/tags.ts`,
    find: `if (!isLive(row) || dead.has(row.generation)) continue`,
    replace: `if (!isLive(row)) continue`,
    test: { file: `${test}/tags.test.ts`, title: 'leave out tombstones and tags of deleted generations, without shorter pages' },
  },
  {
    name: 'a list of tags does not look at the deletes behind the tags',
    file: `${source}/doomed.ts`,
    find: `new Set([...before, ...after])`,
    replace: `new Set([...before, ...after.slice(after.length)])`,
    test: { file: `${test}/tags.test.ts`, title: 'count as deleted when their manifest is deleted while they are listed' },
  },
  {
    name: 'a list of tags does not look at the deletes before the tags',
    file: `${source}/doomed.ts`,
    find: `new Set([...before, ...after])`,
    replace: `new Set([...before.slice(before.length), ...after])`,
    test: { file: `${test}/tags.test.ts`, title: 'are gone with their manifest, also where its sweep ends while they are listed' },
  },
  {
    name: 'a list of tags loses the second page of the index',
    file: `${source}/tags.ts`,
    find: `        cursor = page.entries.at(-1)?.key.sort
        more = page.more`,
    replace: `        more = false`,
    test: { file: `${test}/tags.test.ts`, title: 'leave out tombstones and tags of deleted generations, without shorter pages' },
  },
  {
    name: 'a tag begins at version one again after a delete',
    file: `${source}/manifest-push.ts`,
    find: `  const version = nextVersion(context, row)`,
    replace: `  const version = before ? nextVersion(context, row) : 1`,
    test: { file: `${test}/tags.test.ts`, title: 'goes on from the version of its tombstone' },
  },
  {
    name: 'a push answers before its records are written',
    file: `${source}/manifest-push.ts`,
    find: `await Promise.all([plan.note?.write()`,
    replace: `void Promise.all([plan.note?.write()`,
    test: { file: `${test}/records.test.ts`, title: 'are all stored before the answer: it waits for %s' },
  },
  {
    name: 'a push relies on rows whose records are not written',
    file: `${source}/manifest-push.ts`,
    find: `, ...plan.reliesOn.map((id) => workOffDue(context, id))`,
    replace: ``,
    test: { file: `${test}/record-recovery.test.ts`, title: 'between commit and record, whoever relies on its rows writes the records first' },
  },
  {
    name: 'records are not noted as due',
    file: `${source}/manifest-push.ts`,
    find: `changes: [...parts.flatMap((part) => part.changes), ...(note ? [note.change] : [])],`,
    replace: `changes: parts.flatMap((part) => part.changes),`,
    test: { file: `${test}/record-recovery.test.ts`, title: 'between commit and record, the next start writes the record' },
  },
  {
    name: 'the older record is deleted before the newer one is written',
    file: `${source}/manifest-push.ts`,
    find: `    await Promise.all([plan.note?.write(), ...plan.reliesOn.map((id) => workOffDue(context, id))])
  } finally {
    // It has happened, be it that the caller is told of a record that is missing.
    context.hooks.tellAll([...landed(lost, rows), ...plan.events])
  }
  plan.note?.settle()`,
    replace: `    plan.note?.settle()
    await context.background.settled()
    await Promise.all([plan.note?.write(), ...plan.reliesOn.map((id) => workOffDue(context, id))])
  } finally {
    // It has happened, be it that the caller is told of a record that is missing.
    context.hooks.tellAll([...landed(lost, rows), ...plan.events])
  }`,
    test: { file: `${test}/records.test.ts`, title: 'never leave a moment without the record of a tag that was acknowledged' },
  },
  {
    name: 'the oldest record is deleted though the newest is not written',
    file: `${source}/due.ts`,
    find: `    written = row.version
    await writeRecord(context, record)`,
    replace: `    written = row.version`,
    test: { file: `${test}/records.test.ts`, title: 'never leave a moment without the record of a tag that was acknowledged' },
  },
  {
    name: 'the older record is never deleted',
    file: `${source}/due.ts`,
    find: `  if (older.length > 0) await driver.delete(older)`,
    replace: `  if (older.length > 1000) await driver.delete(older)`,
    test: { file: `${test}/records.test.ts`, title: 'show the row as it is now when it went on meanwhile, and the oldest is deleted last' },
  },
  {
    name: 'trash is deleted without asking whether something names it',
    file: `${source}/trash.ts`,
    find: `await unnamedObjects(context, [...note.value.objects, ...(await objectsOfUpload(context, note.value))])`,
    replace: `[...note.value.objects, ...(await objectsOfUpload(context, note.value))].filter((key) => unnamedObjects.name !== key)`,
    test: { file: `${test}/record-recovery.test.ts`, title: 'a note of objects that something names after all deletes none of them' },
  },
  {
    name: 'trash that a session names is deleted',
    file: `${source}/named-objects.ts`,
    find: `...[...uploads, ...blobs].flatMap(`,
    replace: `...[...uploads.slice(uploads.length), ...blobs].flatMap(`,
    test: { file: `${test}/record-recovery.test.ts`, title: 'a note of objects that something names after all deletes none of them' },
  },
  {
    name: 'a session is looked at after the blob that its objects may have gone to',
    file: `${source}/named-objects.ts`,
    find: `  const uploads = await readRows(index, owners.map(rowKeys.upload))
  const pushes = await readRows(index, owners.map(rowKeys.push))
  const wholes = (await readRows(index, owners.map(rowKeys.objectOwner))).flatMap((row, n) => (row ? [{ generation: owners[n]!, ...row.value }] : []))
  const blobs = await readRows(index, wholes.map(({ digest }) => rowKeys.blob(digest)))`,
    replace: `  const pushes = await readRows(index, owners.map(rowKeys.push))
  const wholes = (await readRows(index, owners.map(rowKeys.objectOwner))).flatMap((row, n) => (row ? [{ generation: owners[n]!, ...row.value }] : []))
  const blobs = await readRows(index, wholes.map(({ digest }) => rowKeys.blob(digest)))
  const uploads = await readRows(index, owners.map(rowKeys.upload))`,
    test: {
      file: `${test}/unknown-upload-outcomes.test.ts`,
      title: 'the note of an object is not worked off by a read that misses it on its way from the session to the blob',
    },
  },
  {
    name: 'the fence is dropped: objects are trash while their commit can still land',
    file: `${source}/abandon-upload.ts`,
    find: `if (!isUnknown(error)) {`,
    replace: `if (id !== '') {`,
    test: {
      file: `${test}/unknown-upload-outcomes.test.ts`,
      title: 'an upload whose closing commit comes late does not make a blob of bytes that are trash',
    },
  },
  {
    name: 'the fence takes a session back whatever became of it',
    file: `${source}/abandon-upload.ts`,
    find: `putRow(rowKeys.upload(id), row.value, row)`,
    replace: `putRow(rowKeys.upload(id), row.value)`,
    test: { file: `${test}/unknown-upload-outcomes.test.ts`, title: 'a body that was appended stays, and the session goes on behind it' },
  },
  {
    name: 'the digest of an upload is not compared',
    file: `${source}/uploads.ts`,
    find: `if (found !== digest) {`,
    replace: `if (found === undefined) {`,
    test: { file: `${test}/upload-refusals.test.ts`, title: 'stays as it was when the digest is wrong, and can be closed with the right one' },
  },
  {
    name: 'the bytes of a body are not counted',
    file: `${source}/upload-objects.ts`,
    find: `(bytes < size && options.size !== undefined && failure === undefined)`,
    replace: `(bytes < 0 && failure === undefined)`,
    test: { file: `${test}/upload-refusals.test.ts`, title: 'refuses a body of %s bytes than declared, and is unchanged' },
  },
  {
    name: 'a blob is not durable when its upload is answered',
    file: `${source}/close-upload.ts`,
    find: `      ...(dueNote ? [dueNote.change] : []),
    ])`,
    replace: `      ...(dueNote ? [dueNote.change] : []),
    ], { durable: false })`,
    test: {
      file: `${test}/durable-commits.test.ts`,
      title: 'what an answer tells is durable: blobs, manifests, tags; what a client can begin again is not',
    },
  },
  {
    name: 'a manifest is not durable when its push is answered',
    file: `${source}/manifest-push.ts`,
    find: `await context.index.commit(plan.changes)`,
    replace: `await context.index.commit(plan.changes, { durable: false })`,
    test: {
      file: `${test}/durable-commits.test.ts`,
      title: 'what an answer tells is durable: blobs, manifests, tags; what a client can begin again is not',
    },
  },
  {
    name: 'a session is good for every repository',
    file: `${source}/uploads.ts`,
    find: `row?.value.repository !== repository || `,
    replace: `row === undefined || `,
    test: { file: `${test}/upload-refusals.test.ts`, title: 'belongs to its repository alone' },
  },
  {
    name: 'the offset of a chunk is not compared',
    file: `${source}/uploads.ts`,
    find: `if (start !== undefined && start !== offset) throw`,
    replace: `if (start !== undefined && start < 0) throw`,
    test: {
      file: `${test}/upload-refusals.test.ts`,
      title: 'refuses a body that begins elsewhere than at its offset, tells the offset, and is unchanged',
    },
  },
  {
    name: 'a body that breaks off is taken for whole',
    file: `${source}/uploads.ts`,
    find: `if (failure) throw failure.error`,
    replace: ``,
    test: { file: `${test}/upload-refusals.test.ts`, title: 'keeps what came of a body that breaks off, throws its error on, and can be finished' },
  },
  {
    name: 'two who append at once both win',
    file: `${source}/uploads.ts`,
    find: `putRow(rowKeys.upload(id), upload, row)`,
    replace: `putRow(rowKeys.upload(id), upload, 'present')`,
    test: { file: `${test}/upload-refusals.test.ts`, title: 'lets one of two win who append at once, and leaves nothing of the other' },
  },
  {
    name: 'a digest of this process is good after another one wrote to the session',
    file: `${source}/uploads.ts`,
    find: `found?.revision === revision ? `,
    replace: `found ? `,
    test: { file: `${test}/upload-replicas.test.ts`, title: 'is not closed with a digest that a replica knew before another wrote to it' },
  },
  {
    name: 'a session that names merged objects is not durable',
    file: `${source}/uploads.ts`,
    find: `{ durable: trash !== undefined }`,
    replace: `{ durable: false }`,
    test: {
      file: `${test}/durable-commits.test.ts`,
      title: 'a session is durable where it names merged objects, since those that it named before are trash',
    },
  },
  {
    name: 'an upload of bytes that are there keeps both copies',
    file: `${source}/close-upload.ts`,
    find: `trash: [...replaced, ...objects.map((object) => object.key)] }`,
    replace: `trash: replaced }`,
    test: { file: `${test}/closing.test.ts`, title: 'keeps the bytes that were there and deletes its own' },
  },
  {
    name: 'a healed blob keeps its corrupt bytes',
    file: `${source}/close-upload.ts`,
    find: `if (blob.value.state !== 'corrupt' || old[0] === undefined) {`,
    replace: `if (blob.value.size >= 0 || old[0] === undefined) {`,
    test: { file: `${test}/closing.test.ts`, title: 'heals a corrupt blob for every repository: its own bytes in place of the old ones' },
  },
  {
    name: 'a heal answers before its record is stored',
    file: `${source}/close-upload.ts`,
    find: `await dueNote?.write()`,
    replace: `void dueNote?.write()`,
    test: {
      file: `${test}/closing.test.ts`,
      title: 'answers a heal only when the record is stored that leads to the new bytes, and deletes the old ones after it',
    },
  },
  {
    name: 'a range over several objects ends one byte early',
    file: `${source}/stored-body.ts`,
    find: `Math.min(end - begin, object.size)`,
    replace: `Math.min(end - begin - 1, object.size)`,
    test: { file: `${test}/blobs.test.ts`, title: 'is read in every range as its bytes are' },
  },
  {
    name: 'an object of another size than the index says is served',
    file: `${source}/stored-body.ts`,
    find: `if (opened.info.size === size) return opened`,
    replace: `if (opened.info.size <= size) return opened`,
    test: { file: `${test}/blobs.test.ts`, title: 'with a later object that is shorter breaks off with an error' },
  },
  {
    name: 'another text for a manifest is served',
    file: `${source}/manifest-text.ts`,
    find: `if (digestOf(splitDigest(digest).algorithm, bytes) === digest) return`,
    replace: `if (bytes.byteLength > 0) return`,
    test: { file: `${test}/manifest-texts.test.ts`, title: 'that storage lost or changed is corrupt, never another text' },
  },
  {
    name: 'a storage opens with the index of another registry',
    file: `${source}/fence.ts`,
    find: `    if (found.index !== id) {`,
    replace: `    if (found.index === '') {`,
    test: { file: `${test}/ownership.test.ts`, title: 'do not open with an index or a storage of another registry, and nothing is changed' },
  },
  {
    name: 'an empty storage is bound to an index that has repositories',
    file: `${source}/ownership.ts`,
    find: `if (await holdsRepositories(index)) {`,
    replace: `if (!(await holdsRepositories(index)) && ownerObjectKey.length === 0) {`,
    test: { file: `${test}/ownership.test.ts`, title: 'do not open when the index has repositories and the storage is empty' },
  },
  {
    name: 'one note that fails keeps the others waiting',
    file: `${source}/sweep/notes.ts`,
    find: `failures.push(error)`,
    replace: `throw error`,
    test: { file: `${test}/record-recovery.test.ts`, title: 'one note that cannot be worked off does not keep the others waiting' },
  },
  {
    name: 'a look at the owner counts from its end',
    file: `${source}/fence.ts`,
    find: `lastGood = Math.max(lastGood, began)`,
    replace: `lastGood = Math.max(began, monotonic())`,
    test: { file: `${test}/fence.test.ts`, title: 'counts the time from the beginning of the look' },
  },
  {
    name: 'a record that was put too late is promised',
    file: `${source}/fenced.ts`,
    find: `      fence.assertOurs('unknown')
`,
    replace: ``,
    test: { file: `${test}/fence.test.ts`, title: 'promises nothing on a record that was put too late' },
  },
  {
    name: 'a storage that was taken over is written to again',
    file: `${source}/fence.ts`,
    find: `      if (taken) throw new RegistryError('UNAVAILABLE', `,
    replace: `      if (taken && policy.ownershipTrustMilliseconds < 0) throw new RegistryError('UNAVAILABLE', `,
    test: { file: `${test}/fence.test.ts`, title: 'never writes again, says so once, and reads on' },
  },
  {
    name: 'a rebuild does not wait for processes that still write',
    file: `${source}/rebuild/rebuild-index.ts`,
    find: `if (!exclusive) await sleep(`,
    replace: `if (exclusive) await sleep(`,
    test: { file: `${test}/fence.test.ts`, title: 'writes nothing that a rebuild does not find' },
  },
  {
    name: 'a rebuild that died takes back a storage that another one took over',
    file: `${source}/ownership.ts`,
    find: `found.index === value.replaces) await`,
    replace: `found.index !== id) await`,
    test: { file: `${test}/fence.test.ts`, title: 'does not take it back at its next start, though its own rebuild was not complete' },
  },
  {
    name: 'who lost the rebuild to another puts its rows all the same',
    file: `${source}/rebuild/hold.ts`,
    find: `[putRow(key, patched, row), ...changes]`,
    replace: `[putRow(key, patched), ...changes]`,
    test: { file: `${test}/fence.test.ts`, title: 'who was taken for dead and replaced puts nothing over what came after' },
  },
  {
    name: 'operations read an index that is half rebuilt',
    file: `${source}/registry.ts`,
    find: `{ ...whole, index: gatedIndex(whole.index, rebuild) }`,
    replace: `whole`,
    test: { file: `${test}/fence.test.ts`, title: 'everything is unavailable, nothing unknown, and it says why' },
  },
  {
    name: 'a rebuild believes the text of a manifest',
    file: `${source}/rebuild/read-record.ts`,
    find: `if (found !== row.digest) return`,
    replace: `if (found === '') return`,
    test: { file: `${test}/rebuild-problems.test.ts`, title: 'reports the record of a manifest that %s, leaves it and its tag out, and goes on' },
  },
  {
    name: 'a rebuild believes the place of a record',
    file: `${source}/rebuild/read-record.ts`,
    find: `if (recordObjectKey(row, row.version) !== key) return`,
    replace: `if (key === '') return`,
    test: { file: `${test}/rebuild-problems.test.ts`, title: 'reports %s and leaves it out, and its versions go on' },
  },
  {
    name: 'a rebuild puts blobs whose objects are gone',
    file: `${source}/rebuild/restore-blobs.ts`,
    find: `if (read.value === undefined) return`,
    replace: `if (read.value === undefined) return undefined
    if (object.key === '') return`,
    test: { file: `${test}/rebuild-problems.test.ts`, title: 'names every manifest that needs a blob whose object is %s; it heals when it is pushed again' },
  },
  {
    name: 'a rebuild takes a tag whose push was never answered for one of a deleted manifest',
    file: `${source}/rebuild/restore-tag.ts`,
    find: `if ((manifest?.version ?? 0) < manifestVersion) return 'never recorded'
`,
    replace: `if (manifestVersion < 0) return 'never recorded'
`,
    test: { file: `${test}/unanswered-pushes.test.ts`, title: 'leaves the tag as it was answered before, where its manifest was not recorded' },
  },
  {
    name: 'a tombstone that was rebuilt never goes',
    file: `${source}/rebuild/restore-batch.ts`,
    find: `if (buried.length > 0) batch.put(`,
    replace: `if (buried.length > 1000) batch.put(`,
    test: { file: `${test}/unanswered-pushes.test.ts`, title: 'leaves versions that go on from those of tombstones' },
  },
  {
    name: 'a rebuild counts a repository for its manifests and for itself',
    file: `${source}/rebuild/batch.ts`,
    find: `if (what && !isCounted(stored.get(idOf(change.key)))) counts[what]++`,
    replace: `if (what) counts[what]++`,
    test: { file: `${test}/rebuild-crashes.test.ts`, title: '%s any call is gone on with, and comes to the same' },
  },
]
