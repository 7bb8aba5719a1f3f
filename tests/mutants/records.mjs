const source = 'packages/engine/src'
const test = 'packages/engine/test'

const damaged = { file: `${test}/damaged-records.test.ts`, title: 'of %s is named whatever field is wrong; nothing that depends on it is buried' }
const anyByte = { file: `${test}/damaged-records.test.ts`, title: 'of a manifest or a tag is named whatever byte is wrong' }
const checksum = (title) => ({ file: 'packages/engine/src/record-checksum.test.ts', title })
const repeated = (title) => ({ file: `${test}/repeated-deletes.test.ts`, title })
const afterDeath = repeated('%s is 404 for good, though the process of the first one died')

export const records = [
  {
    name: 'a record is believed whatever its checksum is',
    file: `${source}/record-checksum.ts`,
    find: `return found === checksum ? undefined`,
    replace: `return checksum !== undefined ? undefined`,
    test: damaged,
  },
  {
    name: 'only the first half of a record has a checksum',
    file: `${source}/record-checksum.ts`,
    find: `return digestOf('sha256', bytes)`,
    replace: `return digestOf('sha256', bytes.subarray(0, bytes.length / 2))`,
    test: anyByte,
  },
  {
    name: 'a checksum is of what a record reads as, and not of its bytes',
    file: `${source}/record-checksum.ts`,
    find: `record.subarray(0, -seal.length), closingBrace`,
    replace: `Buffer.from(record.subarray(0, -seal.length).toString().toLowerCase()), closingBrace`,
    test: checksum('whatever byte of a record is wrong by %i, its checksum does not fit'),
  },
  {
    name: 'a record without a checksum is believed',
    file: `${source}/record-checksum.ts`,
    find: `if (seal === undefined) return 'it does not end in a checksum'`,
    replace: `if (seal === undefined) return undefined`,
    test: { file: `${test}/rebuild-problems.test.ts`, title: 'reports a record of %s that has no checksum' },
  },
  {
    name: 'a record that an editor saved is damaged',
    file: `${source}/record-checksum.ts`,
    find: `\\}\\n?$/`,
    replace: `\\}$/`,
    test: checksum('a line feed at the end, as editors put it, is no damage'),
  },
  {
    name: 'a record of moved objects is believed whatever its checksum is',
    file: `${source}/rebuild/moved-objects.ts`,
    find: `const fields = fieldsOf(read.value)`,
    replace: `const fields = JSON.parse(read.value.toString())`,
    test: damaged,
  },
  {
    name: 'the bad record of a repository makes way for another one',
    file: `${source}/rebuild/restore-repository.ts`,
    find: `unreadable ? { ...before, version } : next()`,
    replace: `unreadable && version === 0 ? { ...before, version } : next()`,
    test: damaged,
  },
  {
    name: 'tags go for good with the bad record of their manifest',
    file: `${source}/rebuild/restore-tag.ts`,
    find: `return manifest && !isLive(manifest) && manifest.unreadable ? 'left out' : 'deleted'`,
    replace: `return 'deleted'`,
    test: damaged,
  },
  {
    name: 'a tag is gone before the record of its delete is written',
    file: `${source}/delete-tag.ts`,
    find: `      await ensureRecorded(context, row?.value)
`,
    replace: ``,
    test: afterDeath,
  },
  {
    name: 'a tag is gone before the record of the delete of its manifest is written',
    file: `${source}/delete-tag.ts`,
    find: `        await ensureRecorded(context, manifest)
`,
    replace: ``,
    test: afterDeath,
  },
  {
    name: 'a tag that leads nowhere is gone before the record of the move is written',
    file: `${source}/delete-tag.ts`,
    find: `      await ensureRecorded(context, row?.value)
`,
    replace: `      if (row && !isLiveRow(row)) await ensureRecorded(context, row.value)
`,
    test: repeated('of a tag that a push has moved to a manifest which is deleted writes the record of that move'),
  },
  {
    name: 'a manifest is gone before the record of its delete is written',
    file: `${source}/delete-manifest.ts`,
    find: `        await ensureRecorded(context, row?.value)
`,
    replace: ``,
    test: afterDeath,
  },
  {
    name: 'a repository is gone before the record of its delete is written',
    file: `${source}/delete-repository.ts`,
    find: `      await ensureRecorded(context, row?.value)
`,
    replace: ``,
    test: afterDeath,
  },
  {
    name: 'a storage that was taken over is said to be misconfigured',
    file: `${source}/owner-record.ts`,
    find: `    { detail: { reason: 'TAKEN_OVER' } },
`,
    replace: ``,
    test: { file: `${test}/fence.test.ts`, title: 'never writes again, says so once, and reads on' },
  },
  {
    name: 'readiness does not tell that the storage was taken over',
    file: 'packages/server/src/handlers/health.ts',
    find: `? reasonOf(error) :`,
    replace: `? { reason: error.code } :`,
    test: { file: 'packages/server/test/server.test.ts', title: 'is not ready once another index has taken the storage over, and says that it is this' },
  },
]
