const source = 'packages/engine/src'
const replaced = (title) => ({ file: 'packages/engine/test/replaced-index.test.ts', title })
const sweeps = (title) => ({ file: 'packages/engine/test/sweeps.test.ts', title })
const absent = replaced('says of nothing that it does not exist, and gives no list')

export const replicas = [
  {
    name: 'an index that took the place of another says what does not exist',
    file: `${source}/confirmed.ts`,
    find: `if (RegistryError.is(error, ...absences)) await confirm()`,
    replace: ``,
    test: absent,
  },
  {
    name: 'an index that took the place of another gives lists',
    file: `${source}/confirmed.ts`,
    find: `if (lists.has(name)) await confirm()`,
    replace: ``,
    test: absent,
  },
  {
    name: 'blobs may be absent from an index that took the place of another',
    file: `${source}/registry.ts`,
    find: `blobs: confirmed(blobsOf(context), context.confirmIndex),`,
    replace: `blobs: blobsOf(context),`,
    test: absent,
  },
  {
    name: 'any index is confirmed that has an owner',
    file: `${source}/confirm-index.ts`,
    find: `if (owner?.value.id === id) return`,
    replace: `if (owner !== undefined) return`,
    test: absent,
  },
  {
    name: 'objects are deleted because an index that took the place of another has no name for them',
    file: `${source}/sweep/unnamed-objects.ts`,
    find: `    await context.confirmIndex()
`,
    replace: ``,
    test: replaced('deletes no object that it finds no name for'),
  },
  {
    name: 'what is found is confirmed too',
    file: `${source}/confirmed.ts`,
    find: `if (lists.has(name)) await confirm()`,
    replace: `await confirm()`,
    test: replaced('is asked for once more than is read, only where something is absent'),
  },
  {
    name: 'a process that moves its lease is taken for dead',
    file: `${source}/sweep/work-lease.ts`,
    find: `if (seen?.revision !== row.revision) seen =`,
    replace: `if (seen === undefined) seen =`,
    test: sweeps('is not taken over from a process that moves its lease, however long it has it'),
  },
  {
    name: 'a process that does not move its lease keeps it',
    file: `${source}/sweep/work-lease.ts`,
    find: `if (seen?.revision !== row.revision) seen =`,
    replace: `if (row.revision !== '') seen =`,
    test: sweeps('is taken over from a process that does not move its lease for two rounds, on the clock of the one that looks'),
  },
  {
    name: 'replicas: a lost answer ends the first start',
    file: 'packages/engine/src/ownership.ts',
    find: `throw conflictWhereUnknown(error)`,
    replace: `throw error`,
    test: { file: 'packages/engine/test/ownership.test.ts', title: 'are bound also where the answer of the commit that binds them was lost, which %s' },
  },
]
