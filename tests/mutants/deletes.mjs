const source = 'packages/engine/src'
const test = 'packages/engine/test'
const deletes = (title) => ({ file: `${test}/deletes.test.ts`, title })
const sweeps = (title) => ({ file: `${test}/sweeps.test.ts`, title })

/** Deletes, and the sweeps that come after them. */
export const deleting = [
  {
    name: 'a delete is answered before its record is written',
    file: `${source}/recorded-commit.ts`,
    find: `  await record(context, note, events)`,
    replace: `  void record(context, note, events)`,
    test: deletes('is answered when its record is written, and not before'),
  },
  {
    name: 'a delete whose answer was lost is done a second time',
    file: `${source}/recorded-commit.ts`,
    find: `return row && noteDue(context, row.value.records, id)`,
    replace: `return row && id === '' ? noteDue(context, row.value.records, id) : undefined`,
    test: deletes('is done once where the answer of its commit was lost (%s)'),
  },
  {
    name: 'a delete does not expect the tag that it read',
    file: `${source}/delete-tag.ts`,
    find: `putRow(rowKeys.tag(repository, tag), tombstone, row)`,
    replace: `putRow(rowKeys.tag(repository, tag), tombstone)`,
    test: deletes('meets a push that moves the tag: one after the other'),
  },
  {
    name: 'a tag of a deleted manifest can be deleted',
    file: `${source}/delete-tag.ts`,
    find: `return manifest !== undefined && isLive(manifest) && manifest.generation === generation`,
    replace: `return generation !== ''`,
    test: deletes('finds no tag whose manifest was deleted, swept or not'),
  },
  {
    name: 'nobody finds what a deleted manifest left',
    file: `${source}/delete-manifest.ts`,
    find: `          putRow(rowKeys.sweep(generation), { repository, time: context.now() }, 'absent'),
`,
    replace: ``,
    test: deletes('is swept by the next start where the process died at %s'),
  },
  {
    name: 'lists show the tags of a deleted manifest until they are swept',
    file: `${source}/delete-manifest.ts`,
    find: `          putRow(rowKeys.doomedManifest(repository, generation), { ...row.value, digest } satisfies Doomed, 'absent'),
`,
    replace: ``,
    test: deletes('takes its tags along at once, and leaves its blobs'),
  },
  {
    name: 'a sweep takes tags of a manifest that was pushed again',
    file: `${source}/sweep-manifest.ts`,
    find: `const dead = entries.filter(({ value }) => (value as unknown as TaggedBy).generation === generation)`,
    replace: `const dead = entries.filter(({ value }) => generation !== '' && (value as unknown as TaggedBy).generation !== '')`,
    test: deletes('keeps nothing of a manifest that was pushed again before the sweep'),
  },
  {
    name: 'a sweep takes the referrer of a manifest that was pushed again',
    file: `${source}/sweep-manifest.ts`,
    find: `if (row?.value.generation === generation) await`,
    replace: `if (row && generation !== '') await`,
    test: deletes('keeps nothing of a manifest that was pushed again before the sweep'),
  },
  {
    name: 'a sweep buries one page of tags',
    file: `${source}/sweep-manifest.ts`,
    find: `    more = done.more
`,
    replace: `    more = done.more && digest === generation
`,
    test: deletes('of thousands of tags is one storage request before the answer'),
  },
  {
    name: 'a sweep leaves the edges',
    file: `${source}/sweep-manifest.ts`,
    find: `if (await dropEdges(context, repository, row.value)) await`,
    replace: `if (generation !== '' || (await dropEdges(context, repository, row.value))) await`,
    test: deletes('leaves after its sweep only tombstones, each with its record'),
  },
  {
    name: 'a sweep leaves the text of a manifest in storage',
    file: `${source}/sweep-manifest.ts`,
    find: `  trash?.workOff()
`,
    replace: ``,
    test: deletes('takes a text that is an object along, once nothing needs it'),
  },
  {
    name: 'a blob is deleted under a manifest that uses it',
    file: `${source}/valid-edges.ts`,
    find: `(manifest !== undefined && isLive(manifest) && manifest.generation === generation)`,
    replace: `(manifest === undefined && generation === '')`,
    test: deletes('is refused where a manifest here names it, and works after that manifest is deleted'),
  },
  {
    name: 'a blob is deleted under a push that announced it',
    file: `${source}/valid-edges.ts`,
    find: `return pushes[n] !== undefined || (`,
    replace: `return pushes.length === -n || (`,
    test: deletes('is refused where a push under way names it'),
  },
  {
    name: 'an edge of a manifest that was deleted keeps a blob',
    file: `${source}/valid-edges.ts`,
    find: ` && isLive(manifest) && manifest.generation === generation)`,
    replace: ` && generation !== '' && 'version' in manifest && isLive !== undefined)`,
    test: deletes('is refused where a manifest here names it, and works after that manifest is deleted'),
  },
  {
    name: 'a delete does not expect the link that it marked',
    file: `${source}/delete-blob.ts`,
    find: `await index.commit([deleteRow(key, marked)])`,
    replace: `await index.commit([deleteRow(key)])`,
    test: deletes('gives way to a push that looked at the link after the mark'),
  },
  {
    name: 'a refused delete leaves its mark',
    file: `${source}/delete-blob.ts`,
    find: `    await index.commit([putRow(key, { incarnation: marked.value.incarnation }, marked)], { durable: false })
`,
    replace: ``,
    test: deletes('is refused where a manifest here names it, and works after that manifest is deleted'),
  },
  {
    name: 'the delete of a repository does not expect its mark',
    file: `${source}/delete-repository.ts`,
    find: `putRow(key, tombstone, marked)`,
    replace: `putRow(key, tombstone)`,
    test: deletes('begins again where a push came in between: what that push was answered comes before the delete'),
  },
  {
    name: 'the delete of a repository does not wait for the records of what was deleted before',
    file: `${source}/delete-repository.ts`,
    find: `      await ensureRecorded(context, manifest?.value)
`,
    replace: `      if (isDead && digest.length === 0) await ensureRecorded(context, manifest?.value)
`,
    test: deletes('is not answered before the record of a manifest that an attempt before it has deleted'),
  },
  {
    name: 'the delete of a repository leaves its blobs readable',
    file: `${source}/delete-repository.ts`,
    find: `    await deleteBlob(context, repository, digest, { signal })
`,
    replace: `    if (digest.length === 0) await deleteBlob(context, repository, digest, { signal })
`,
    test: deletes('takes manifests, tags and blobs along, and says how many'),
  },
  {
    name: 'the list of repositories shows deleted ones',
    file: `${source}/repositories.ts`,
    find: `if (isLive(value as unknown as Repository | Tombstone)) names`,
    replace: `if (isLive(value as unknown as Repository | Tombstone) || cursor !== '') names`,
    test: { file: `${test}/repositories.test.ts`, title: 'that were deleted are left out, without shorter pages' },
  },
  {
    name: 'a row begins at version 1 in every life',
    file: `${source}/next-version.ts`,
    find: `return row ? row.value.version + 1 : now()`,
    replace: `return row ? row.value.version + 1 : Math.min(1, now())`,
    test: sweeps('leaves versions that never come back'),
  },
  {
    name: 'a tombstone goes while its row is put again',
    file: `${source}/sweep/buried-rows.ts`,
    find: `await index.commit([deleteRow(key, row)])`,
    replace: `await index.commit([deleteRow(key)])`,
    test: sweeps('of a row that is put again while it is removed is not missed'),
  },
  {
    name: 'a tombstone goes before the records that it overrules',
    file: `${source}/sweep/buried-rows.ts`,
    find: `if (found.key < own) older.push(found.key)`,
    replace: `if (found.key < own && own === '') older.push(found.key)`,
    test: sweeps('takes the records along that it overrules, and goes last'),
  },
  {
    name: 'a tombstone goes at once',
    file: `${source}/sweep/buried-rows.ts`,
    find: `if (value.time + policy.tombstoneMilliseconds > now()) continue`,
    replace: `if (value.time + policy.tombstoneMilliseconds < 0 && now() > 0) continue`,
    test: sweeps('is removed with its record a day later, and not before'),
  },
  {
    name: 'an upload session that is closed is ended all the same',
    file: `${source}/sweep/expired-uploads.ts`,
    find: `deleteRow(rowKeys.upload(row.sort), row)`,
    replace: `deleteRow(rowKeys.upload(row.sort))`,
    test: sweeps('that is closed at the last moment is not ended'),
  },
  {
    name: 'bytes that an ended session never named stay',
    file: `${source}/sweep/expired-uploads.ts`,
    find: `, row.sort)
    try`,
    replace: `)
    try`,
    test: sweeps('that expired is ended with everything that was stored for it, also what no row got to name'),
  },
  {
    name: 'an object of a session that goes on is swept',
    file: `${source}/sweep/unnamed-objects.ts`,
    find: `return keys.filter((_, n) => uploads[n] === undefined)`,
    replace: `return keys.filter((_, n) => uploads[n] === undefined || n >= 0)`,
    test: sweeps('is kept while its session is there, which may yet name it'),
  },
  {
    name: 'a young object that nothing names yet is swept',
    file: `${source}/sweep/unnamed-objects.ts`,
    find: `modified.getTime() + policy.orphanMilliseconds > now()`,
    replace: `modified.getTime() + policy.orphanMilliseconds < now() - now()`,
    test: sweeps('is deleted when it is older than a day, and nothing else is'),
  },
  {
    name: 'objects are swept after a rebuild that left something out',
    file: `${source}/sweep/unnamed-objects.ts`,
    find: `rebuild.value.problems > 0) return 0`,
    replace: `rebuild.value.problems < 0) return 0`,
    test: sweeps('is kept after a rebuild that left something out'),
  },
  {
    name: 'two processes do the background work',
    file: `${source}/sweep/work-lease.ts`,
    find: `if (monotonic() - seen.since < milliseconds) return false`,
    replace: `if (monotonic() - seen.since < 0) return false`,
    test: sweeps('comes by itself, in rounds, and of two processes one does it'),
  },
  {
    name: 'a backup has the records of storage in place of those of its index',
    file: `${source}/backup.ts`,
    find: `    if (made) yield { key: made.key, size: made.bytes.byteLength, body: bodyOf(made.bytes) }
`,
    replace: `    if (made && bodyOf.name === '') yield { key: made.key, size: made.bytes.byteLength, body: bodyOf(made.bytes) }
`,
    test: { file: 'packages/server/test/backup.test.ts', title: 'of a registry in use gives one that answers as it did, works on, and can lose its index' },
  },
]
