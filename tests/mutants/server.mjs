const source = 'packages/server/src'
const test = 'packages/server/test'

export const server = [
  {
    name: 'the last byte of a range is not sent',
    file: `${source}/range.ts`,
    find: `Math.min(last + 1, size)`,
    replace: `Math.min(last, size)`,
    test: { file: `${test}/protocol/ranges.test.ts`, title: 'are served with 206, clamped at the end [P16]' },
  },
  {
    name: 'Content-Range of an answer counts one byte too many',
    file: `${source}/handlers/blobs.ts`,
    find: '`bytes ${start}-${end - 1}/${blob.info.size}`',
    replace: '`bytes ${start}-${end}/${blob.info.size}`',
    test: { file: `${test}/protocol/ranges.test.ts`, title: 'are served with 206, clamped at the end [P16]' },
  },
  {
    name: 'a range that no byte lies in is answered with the whole blob',
    file: `${source}/range.ts`,
    find: `return start < end ? { start, end } : 'unsatisfiable'`,
    replace: `return start < end ? { start, end } : undefined`,
    test: { file: `${test}/protocol/ranges.test.ts`, title: 'are 416 with the size where no byte lies in them, or they end before they begin [P16]' },
  },
  {
    name: 'If-Range is ignored',
    file: `${source}/handlers/blobs.ts`,
    find: `ifRange === undefined || ifRange === etagOf(digest) ? parseRange(range, size) : undefined`,
    replace: `ifRange !== '' ? parseRange(range, size) : undefined`,
    test: { file: `${test}/protocol/ranges.test.ts`, title: 'heed If-Range [P16]' },
  },
  {
    name: 'If-None-Match is answered for a blob that the repository lacks',
    file: `${source}/handlers/blobs.ts`,
    find: `  await registry.blobs.stat(repository, digest)
  return isMatch(noneMatch, digest)`,
    replace: `  return isMatch(noneMatch, digest) || (await registry.blobs.stat(repository, digest)).size < 0`,
    test: { file: `${test}/protocol/ranges.test.ts`, title: 'and 304 are only for who could have read the blob [P16]' },
  },
  {
    name: 'an answer that breaks in the middle ends as if it were whole',
    file: `${source}/send-body.ts`,
    find: `raw.destroy()`,
    replace: `raw.end(new Uint8Array(left))`,
    test: { file: `${test}/protocol/blobs.test.ts`, title: 'cut the connection when storage breaks in the middle, so that nobody takes a part for the whole [P44]' },
  },
  {
    name: 'the place of a chunk is ignored',
    file: `${source}/handlers/uploads.ts`,
    find: `return range ?? {}`,
    replace: `return range === undefined ? {} : { size: range.size }`,
    test: {
      file: `${test}/protocol/chunks.test.ts`,
      title: 'out of place are 416, in a PATCH and in the PUT, and the session goes on where it stood [P3]',
    },
  },
  {
    name: 'a chunk out of place is refused without telling where the session stands',
    file: `${source}/handlers/uploads.ts`,
    find: `if (RegistryError.is(error, 'RANGE_INVALID')) sessionHeaders(`,
    replace: `if (RegistryError.is(error, 'CLOSED')) sessionHeaders(`,
    test: {
      file: `${test}/protocol/chunks.test.ts`,
      title: 'out of place are 416, in a PATCH and in the PUT, and the session goes on where it stood [P3]',
    },
  },
  {
    name: 'an empty session stands at 0--1',
    file: `${source}/handlers/uploads.ts`,
    find: `Math.max(offset - 1, 0)`,
    replace: `offset - 1`,
    test: {
      file: `${test}/protocol/chunks.test.ts`,
      title: 'are told as the place of the last byte, without a unit, and as 0-0 where there is none [P2]',
    },
  },
  {
    name: 'a mount of a blob that is not there is an error',
    file: `${source}/handlers/uploads.ts`,
    find: `if (RegistryError.is(error, 'BLOB_UNKNOWN')) return false`,
    replace: ``,
    test: { file: `${test}/protocol/uploads-mount.test.ts`, title: 'are otherwise 202 with a session that works, without a word about why [P9]' },
  },
  {
    name: 'JSON has a charset',
    file: `${source}/send-json.ts`,
    find: `Buffer.from(JSON.stringify(value))`,
    replace: `JSON.stringify(value)`,
    test: { file: `${test}/server.test.ts`, title: 'says that it is a registry, without a charset that would make JSON another media type' },
  },
  {
    name: 'a failure tells its details to the client',
    file: `${source}/errors.ts`,
    find: `if (status === 500) return internal(code, requestId)`,
    replace: ``,
    test: { file: `${source}/errors.test.ts`, title: 'keeps to itself what a failure of the registry says: %s' },
  },
  {
    name: 'only the first missing blob is told',
    file: `${source}/errors.ts`,
    find: `const mostDetails = 100`,
    replace: `const mostDetails = 1`,
    test: { file: `${test}/protocol/manifests.test.ts`, title: 'are refused with each of the blobs that are missing [P24]' },
  },
  {
    name: 'a list of tags does not lead to its next page',
    file: `${source}/handlers/lists.ts`,
    find: `if (more && n > 0) reply.header('link', nextPage(settings, \`/v2/\${repository}/tags/list\``,
    replace: `if (!more && n > 0) reply.header('link', nextPage(settings, \`/v2/\${repository}/tags/list\``,
    test: { file: `${test}/protocol/lists.test.ts`, title: 'lists in byte order, in pages that lead to the next' },
  },
  {
    name: 'a list of tags leads to a page that repeats the last tag',
    file: `${source}/handlers/lists.ts`,
    find: `last: tags.at(-1)`,
    replace: `last: tags.at(-2)`,
    test: { file: `${test}/protocol/lists.test.ts`, title: 'lists in byte order, in pages that lead to the next' },
  },
  {
    name: 'a manifest has the media type of the request',
    file: `${source}/handlers/manifests.ts`,
    find: `  manifestHeaders(reply, manifest)
  if`,
    replace: `  manifestHeaders(reply, { ...manifest, mediaType: headerOf(request, 'accept') ?? manifest.mediaType })
  if`,
    test: { file: `${test}/protocol/manifests.test.ts`, title: 'are served as they are stored, whatever Accept says, and do not vary [P28]' },
  },
  {
    name: 'the subject of a manifest is not told',
    file: `${source}/handlers/manifests.ts`,
    find: `if (manifest.subject) reply.header('oci-subject', manifest.subject)`,
    replace: ``,
    test: { file: `${test}/protocol/manifests.test.ts`, title: 'are answered with their subject, images and indexes [P26]' },
  },
  {
    name: 'names are read from the left',
    file: `${source}/parse-request.ts`,
    find: `if (second === 'manifests' && last !== '') return`,
    replace: `if (second === 'manifests' && last !== '' && !path.includes('/blobs/uploads/')) return`,
    test: { file: `${source}/parse-request.test.ts`, title: 'reads %s %s from the right' },
  },
  {
    name: 'the registry is always ready',
    file: `${source}/handlers/health.ts`,
    find: `await registry.check()`,
    replace: ``,
    test: { file: `${test}/server.test.ts`, title: 'is alive, and ready as long as index and storage answer' },
  },
  {
    name: 'a close cuts the requests that are under way',
    file: `${source}/server.ts`,
    find: `closeApp(graceMilliseconds)`,
    replace: `closeApp(graceMilliseconds * 0)`,
    test: { file: `${test}/server.test.ts`, title: 'lets running requests end when it closes, and takes no more' },
  },
]
