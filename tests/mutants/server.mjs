const source = 'packages/server/src'
const test = 'packages/server/test'

export const server = [
  {
    name: 'the last byte of a range is not sent',
    file: `${source}/range.ts`,
    find: `Math.min(last + 1, size)`,
    replace: `Math.min(last, size)`,
    test: { file: `${test}/blobs.test.ts`, title: 'are served in ranges' },
  },
  {
    name: 'Content-Range of an answer counts one byte too many',
    file: `${source}/handlers/blobs.ts`,
    find: '`bytes ${start}-${end - 1}/${blob.info.size}`',
    replace: '`bytes ${start}-${end}/${blob.info.size}`',
    test: { file: `${test}/blobs.test.ts`, title: 'are served in ranges' },
  },
  {
    name: 'a range that no byte lies in is answered with the whole blob',
    file: `${source}/range.ts`,
    find: `return start < end ? { start, end } : 'unsatisfiable'`,
    replace: `return start < end ? { start, end } : undefined`,
    test: { file: `${test}/blobs.test.ts`, title: 'answer 416 where no byte lies in the range, and whole where several ranges are asked for' },
  },
  {
    name: 'If-Range is ignored',
    file: `${source}/handlers/blobs.ts`,
    find: `ifRange === undefined || ifRange === etag(digest) ? parseRange(range, size) : undefined`,
    replace: `ifRange !== '' ? parseRange(range, size) : undefined`,
    test: { file: `${test}/blobs.test.ts`, title: 'heed If-None-Match and If-Range' },
  },
  {
    name: 'If-None-Match is answered for a blob that the repository lacks',
    file: `${source}/handlers/blobs.ts`,
    find: `  const { size } = await registry.blobs.stat(repository, digest)
  if (matches(noneMatch, digest)) {`,
    replace: `  const { size } = matches(noneMatch, digest) ? { size: 0 } : await registry.blobs.stat(repository, digest)
  if (matches(noneMatch, digest)) {`,
    test: { file: `${test}/blobs.test.ts`, title: 'heed If-None-Match and If-Range' },
  },
  {
    name: 'an answer that breaks in the middle ends as if it were whole',
    file: `${source}/send-body.ts`,
    find: `await pipeline(body, raw)`,
    replace: `for await (const chunk of body) raw.write(chunk)
    raw.end()
    void pipeline`,
    test: { file: `${test}/blobs.test.ts`, title: 'cut the connection when storage breaks in the middle, so that nobody takes a part for the whole' },
  },
  {
    name: 'the place of a chunk is ignored',
    file: `${source}/handlers/uploads.ts`,
    find: `return range ?? {}`,
    replace: `return range === undefined ? {} : { size: range.size }`,
    test: {
      file: `${test}/uploads.test.ts`,
      title: 'answers 416 to a chunk out of place, in a PATCH and in the PUT, and the session goes on where it stood',
    },
  },
  {
    name: 'a chunk out of place is refused without telling where the session stands',
    file: `${source}/handlers/uploads.ts`,
    find: `if (RegistryError.is(error, 'RANGE_INVALID')) sessionHeaders(`,
    replace: `if (RegistryError.is(error, 'CLOSED')) sessionHeaders(`,
    test: {
      file: `${test}/uploads.test.ts`,
      title: 'answers 416 to a chunk out of place, in a PATCH and in the PUT, and the session goes on where it stood',
    },
  },
  {
    name: 'an empty session stands at 0--1',
    file: `${source}/handlers/uploads.ts`,
    find: `Math.max(offset - 1, 0)`,
    replace: `offset - 1`,
    test: { file: `${test}/uploads.test.ts`, title: 'refuses a chunk whose place and length disagree, and stores none of it' },
  },
  {
    name: 'a mount of a blob that is not there is an error',
    file: `${source}/handlers/uploads.ts`,
    find: `if (RegistryError.is(error, 'BLOB_UNKNOWN')) return false`,
    replace: ``,
    test: { file: `${test}/uploads.test.ts`, title: 'mounts a blob of another repository without a body, and otherwise gives a session' },
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
    test: { file: `${test}/manifests.test.ts`, title: 'are refused with the blobs that are missing' },
  },
  {
    name: 'a list of tags does not lead to its next page',
    file: `${source}/handlers/tags.ts`,
    find: `if (more && last !== undefined) reply.header`,
    replace: `if (more && last === undefined) reply.header`,
    test: { file: `${test}/manifests.test.ts`, title: 'lists in byte order, in pages that lead to the next' },
  },
  {
    name: 'a list of tags leads to a page that repeats the last tag',
    file: `${source}/handlers/tags.ts`,
    find: `const last = tags.at(-1)`,
    replace: `const last = tags.at(-2)`,
    test: { file: `${test}/manifests.test.ts`, title: 'lists in byte order, in pages that lead to the next' },
  },
  {
    name: 'a manifest has the media type of the request',
    file: `${source}/handlers/manifests.ts`,
    find: `  manifestHeaders(reply, manifest)
  if`,
    replace: `  manifestHeaders(reply, { ...manifest, mediaType: headerOf(request, 'accept') ?? manifest.mediaType })
  if`,
    test: { file: `${test}/manifests.test.ts`, title: 'come back byte for byte by tag and by digest, whatever Accept says' },
  },
  {
    name: 'the subject of a manifest is not told',
    file: `${source}/handlers/manifests.ts`,
    find: `if (manifest.subject) reply.header('oci-subject', manifest.subject)`,
    replace: ``,
    test: { file: `${test}/manifests.test.ts`, title: 'tell of their subject, which need not be there' },
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
