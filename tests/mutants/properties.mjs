const server = 'packages/server/src'
const engine = 'packages/engine/src'
/** Whatever breaks an answer, the sequences of the fixed seed come across it. */
const test = { file: 'packages/server/test/properties/sequences.test.ts', title: 'are answered as the model answers them: the same ones every time' }

export const properties = [
  {
    name: 'a range of more last bytes than there are begins before the first',
    file: `${server}/range.ts`,
    find: `Math.max(size - last!, 0)`,
    replace: `size - last!`,
    test,
  },
  {
    name: 'If-None-Match does not know what stands for any tag',
    file: `${server}/etag.ts`,
    find: `tag === '*' || `,
    replace: ``,
    test,
  },
  {
    name: 'the length of a blob is not told to HEAD',
    file: `${server}/handlers/blobs.ts`,
    find: `.header('content-length', size)`,
    replace: ``,
    test,
  },
  {
    name: 'a chunk that begins before the end of the session is taken',
    file: `${engine}/uploads.ts`,
    find: `start !== undefined && start !== offset`,
    replace: `start !== undefined && start > offset`,
    test,
  },
  {
    name: 'an upload session is known in every repository',
    file: `${engine}/uploads.ts`,
    find: `row?.value.repository !== repository || row.value.expires`,
    replace: `row === undefined || row.value.expires`,
    test,
  },
  {
    name: 'a wrong digest ends the upload session',
    file: `${engine}/uploads.ts`,
    find: `      if (found !== digest) {`,
    replace: `      if (found !== digest) {
        await index.commit([deleteRow(rowKeys.upload(id), row)])`,
    test,
  },
  {
    name: 'a mount takes the blob from a repository that does not have it',
    file: `${engine}/blobs.ts`,
    find: `from === undefined ? await findAnywhere(digest, { signal })`,
    replace: `from === undefined || from !== repository ? await findAnywhere(digest, { signal })`,
    test,
  },
  {
    name: 'deleting a tag takes the manifest along',
    file: `${server}/handlers/manifests.ts`,
    find: `await registry.tags.delete(repository, reference.tag)`,
    replace: `await registry.manifests.delete(repository, (await registry.manifests.stat(repository, reference)).digest)`,
    test,
  },
  {
    name: 'a blob is deleted while a manifest names it',
    file: `${engine}/delete-blob.ts`,
    find: `if (edge === undefined) {`,
    replace: `if (edge !== null) {`,
    test,
  },
  {
    name: 'a list of tags leads to the page behind its first tag',
    file: `${server}/handlers/lists.ts`,
    find: `last: tags.at(-1)`,
    replace: `last: tags.at(0)`,
    test,
  },
  {
    name: 'the last page of repositories leads to another one',
    file: `${engine}/repositories.ts`,
    find: `more: names.length > limit`,
    replace: `more: names.length >= limit`,
    test,
  },
  {
    name: 'a referrer without a type of its own has none of its config',
    file: `${engine}/manifest-document.ts`,
    find: `artifactType: artifactType ?? config.mediaType`,
    replace: `artifactType`,
    test,
  },
  {
    name: 'a page of referrers is longer by one than it may be',
    file: `${engine}/referrers.ts`,
    find: `room < 0 && descriptors.length > 0`,
    replace: `room < 0 && descriptors.length > 1`,
    test,
  },
  {
    name: 'only the first tag of a push by digest is told',
    file: `${server}/handlers/manifests.ts`,
    find: `[...new Set(tags)]`,
    replace: `tags[0]`,
    test,
  },
  {
    name: 'a field of a manifest may come twice',
    file: `${engine}/manifest-shape.ts`,
    find: `if (seen.has(field)) throw`,
    replace: `if (seen.has('')) throw`,
    test,
  },
  {
    name: 'each body that nobody read leaves a listener on its connection',
    file: `${server}/unread-body.ts`,
    find: `    socket.off('close', settle)\n`,
    replace: ``,
    test: { file: 'packages/server/test/properties/memory.test.ts', title: 'is not taken by listeners that stay on a connection' },
  },
]
