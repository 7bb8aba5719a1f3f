const source = 'packages/engine/src/verify'
const test = 'packages/engine/test'

const whole = (title) => ({ file: `${test}/verify.test.ts`, title })
const blobs = (title) => ({ file: `${test}/verify-blobs.test.ts`, title })
const records = (title) => ({ file: `${test}/verify-records.test.ts`, title })
const rows = (title) => ({ file: `${test}/verify-rows.test.ts`, title })
const objects = (title) => ({ file: `${test}/verify-objects.test.ts`, title })
const meanwhile = (title) => ({ file: `${test}/verify-meanwhile.test.ts`, title })

const damaged = '%s is found and marked, reads as absent everywhere, and heals when it is pushed again'

/** What `registry verify` finds, mends and leaves alone. */
export const verifying = [
  {
    name: 'a verification takes a storage that went away for one that lost everything',
    file: `${source}/verify.ts`,
    find: `    await requireOwnStorage(context)
`,
    replace: `    void requireOwnStorage
`,
    test: whole('fails where it %s, and marks nothing'),
  },
  {
    name: 'a verification mends an index that lost commits',
    file: `${source}/verify.ts`,
    find: `repair && outcomes.findings === 0`,
    replace: `repair`,
    test: whole('names what it lost, and mends nothing'),
  },
  {
    name: 'a verification does not read the bytes of blobs',
    file: `${source}/blob-bytes.ts`,
    find: `if (trouble || !context.deep) return trouble`,
    replace: `if (trouble || context.exclusive) return trouble`,
    test: blobs(damaged),
  },
  {
    name: 'a verification marks a blob at which storage only fails',
    file: `${source}/blobs.ts`,
    find: `if (isUnread) return`,
    replace: `if (isUnread && blob.size < 0) return`,
    test: blobs('whose storage fails at it again and again in %s is told apart, and not marked'),
  },
  {
    name: 'a verification marks a blob without objects, which a push then does not heal',
    file: `${source}/blobs.ts`,
    find: `blob.objects.length > 0 ? () => markBlob`,
    replace: `blob.objects.length >= 0 ? () => markBlob`,
    test: blobs('without an object is not marked: a push would not heal it'),
  },
  {
    name: 'a verification takes the bytes for missing that a heal replaced',
    file: `${source}/blobs.ts`,
    find: `if (!row || !isAsJudged(row.value, blob)) return []`,
    replace: `if (!row) return []`,
    test: meanwhile('a blob that is healed, whose bytes of before go'),
  },
  {
    name: 'a verification marks a blob that was healed meanwhile',
    file: `${source}/change-blob.ts`,
    find: `if (!row || !isAsJudged(row.value, judged)) return 'overtaken'`,
    replace: `if (!row) return 'overtaken'`,
    test: blobs('of a blob that is healed meanwhile leaves it as it is, and tells nothing'),
  },
  {
    name: 'a verification expects nothing of the row whose record it writes',
    file: `${source}/write-again.ts`,
    find: `[...checks, note.change]`,
    replace: `[...checks.slice(0, 0), note.change]`,
    test: blobs('of the record of a tag that moves meanwhile writes none, and tells nothing'),
  },
  {
    name: 'a verification takes the objects of a blob for its own that another row has',
    file: `${source}/blobs.ts`,
    find: `owners[n]?.value.digest !== digest || `,
    replace: `owners[n]?.value.digest === '' || `,
    test: blobs('to which no row leads from its objects is found, and kept by one that is put again'),
  },
  {
    name: 'a verification does not look for the note of a record',
    file: `${source}/records.ts`,
    find: `if (await isDue(context, record, row.value)) return []`,
    replace: `void isDue`,
    test: meanwhile('a record that is still to come, or comes while its note is looked for'),
  },
  {
    name: 'a verification does not look at a record again that came meanwhile',
    file: `${source}/records.ts`,
    find: `  const found = await look(context, record, row.value)
`,
    replace: `  const found = { kind: 'record-missing', reason: 'x' } as const as RecordFinding | undefined
`,
    test: meanwhile('a record that is still to come, or comes while its note is looked for'),
  },
  {
    name: 'a verification writes the record of a tombstone again that just goes',
    file: `${source}/records.ts`,
    find: `if (isAboutToGo(context, seen) || `,
    replace: `if (`,
    test: meanwhile('a tombstone whose time has come, and whose record goes before its row'),
  },
  {
    name: 'a verification writes over a record that waits to be mended',
    file: `${source}/records.ts`,
    find: `kind: (await isLeftOut(context, key)) ? 'record-left-out' : 'record-wrong'`,
    replace: `kind: (await isLeftOut(context, key)) ? 'record-wrong' : 'record-wrong'`,
    test: records('something that a rebuild left out is named, and never written over'),
  },
  {
    name: 'a verification does not compare where a record says that blobs are',
    file: `${source}/record-agreement.ts`,
    find: `if (!record) return false`,
    replace: `if (!record) return true`,
    test: records('a manifest that does not say where a blob is now, is written again: a rebuild would not find it'),
  },
  {
    name: 'a verification takes a manifest for broken that was deleted meanwhile',
    file: `${source}/manifests.ts`,
    find: `isLiveRow(after) && after.value.generation === row.value.generation ? troubles : []`,
    replace: `isLiveRow(after) && after.value.generation !== row.value.generation ? [] : troubles`,
    test: meanwhile('a manifest that is deleted with its blobs, while %s are looked at'),
  },
  {
    name: 'a verification does not read the texts of manifests in rows',
    file: `${source}/manifests.ts`,
    find: `if (found !== digest) return`,
    replace: `if (found === digest && whole === '') return`,
    test: rows('whose text in its row is another is found'),
  },
  {
    name: 'a verification takes a tag for lost that waits to be swept',
    file: `${source}/tags.ts`,
    find: `if (!isThere && (await readRow(index, rowKeys.doomedManifest(repository, generation)))) return []`,
    replace: ``,
    test: meanwhile('a tag of a deleted manifest, until it is swept'),
  },
  {
    name: 'a verification takes objects for left over that a note dooms',
    file: `${source}/objects.ts`,
    find: `for (const key of value.objects) left.delete(key)`,
    replace: ``,
    test: objects('is nothing to tell where its note waits, and not where the note goes just then'),
  },
  {
    name: 'a verification deletes what something may name that a rebuild left out',
    file: `${source}/objects.ts`,
    find: `isKept ? undefined : () =>`,
    replace: `isKept && batchSize === 0 ? undefined : () =>`,
    test: objects('is kept as long as something that a rebuild left out may name it'),
  },
  {
    name: 'registry verify ends with 0 where something is left',
    file: 'packages/server/src/cli/verify.ts',
    find: `report.findings > report.repaired`,
    replace: `report.findings > report.repaired + report.marked + 1`,
    test: { file: 'packages/server/test/verify.test.ts', title: 'marks a damaged blob, which is answered 404 from then on, and heals when it is pushed again' },
  },
  {
    name: 'an object is swept whose blob the index has lost',
    file: 'packages/engine/src/sweep/unnamed-objects.ts',
    find: `return keys.filter((key) => !lost.has(key))`,
    replace: `return keys.filter((key) => lost.size >= 0 || key === '')`,
    test: { file: `${test}/sweeps.test.ts`, title: 'is kept where a row leads from it to a blob that the index has lost' },
  },
  {
    name: 'a command opens a registry on an index that is empty',
    file: 'packages/server/src/cli/existing-registry.ts',
    find: `if (await ownsStorage(index)) return`,
    replace: `await ownsStorage(index)
    return`,
    test: { file: 'packages/server/test/dynamodb/other-database.test.ts', title: '%j is refused, and takes the storage from no server' },
  },
]
