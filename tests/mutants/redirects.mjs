const engine = 'packages/engine/src'
const server = 'packages/server/src'
const named = (file, title) => ({ file: `packages/server/test/redirects/${file}.test.ts`, title })

/** Reads of blobs that the storage or nginx serves: docs/redirects.md. */
export const redirects = [
  {
    name: 'redirects: a URL that ends may be kept',
    file: `${server}/handlers/blobs.ts`,
    find: `.header('cache-control', 'no-store')`,
    replace: ``,
    test: named('redirects', 'are 307 to a URL of the storage, which nobody keeps, with the digest and no body [P17]'),
  },
  {
    name: 'redirects: what the client asked with is in the URL',
    file: `${server}/handlers/blobs.ts`,
    find: `'location', place.url.href`,
    replace: `'location', place.url.href + reply.raw.req.url!.replace(/^[^?]*\\??/, '&')`,
    test: named('redirects', 'lead a client to the bytes, whole or a range, and take none of its credentials along'),
  },
  {
    name: 'redirects: the URL is in the log',
    file: `${server}/handlers/blobs.ts`,
    find: `  if ('url' in place) {`,
    replace: `  if ('url' in place) {
    reply.log.debug({ location: place.url.href }, 'redirected')`,
    test: named('redirects', 'lead a client to the bytes, whole or a range, and take none of its credentials along'),
  },
  {
    name: 'redirects: a range is served here',
    file: `${server}/handlers/blobs.ts`,
    find: `if (place) return`,
    replace: `if (place && exchange.request.headers.range === undefined) return`,
    test: named('redirects', 'are for every range, also one that no byte lies in, and for no HEAD and no 304 [P17]'),
  },
  {
    name: 'redirects: HEAD is one',
    file: `${server}/handlers/blobs.ts`,
    find: `  blobHeaders(reply, digest)
  await (isMatch`,
    replace: `  if (registry.blobs.presign) return void (await reply.code(307).send())
  blobHeaders(reply, digest)
  await (isMatch`,
    test: named('redirects', 'are for every range, also one that no byte lies in, and for no HEAD and no 304 [P17]'),
  },
  {
    name: 'redirects: who has the blob already is sent for it',
    file: `${server}/handlers/blobs.ts`,
    find: `  return isMatch(noneMatch, digest)`,
    replace: `  return isMatch(noneMatch, digest) && !registry.blobs.presign`,
    test: named('redirects', 'are for every range, also one that no byte lies in, and for no HEAD and no 304 [P17]'),
  },
  {
    name: 'redirects: a blob of several objects is its first one',
    file: `${engine}/blobs.ts`,
    find: `key: objects.length === 1 ? objects[0]!.key : undefined`,
    replace: `key: objects[0]?.key`,
    test: named('redirects', 'are for no blob that consists of several objects, or of none [P17]'),
  },
  {
    name: 'redirects: a blob is read through a repository that lacks it',
    file: `${engine}/blobs.ts`,
    find: `const { size, objects } = await promised(repository, digest, options)`,
    replace: `const { size, objects } = (await findAnywhere(digest, options)).value`,
    test: named('redirects', 'are only for who may read the blob'),
  },
  {
    name: 'redirects: the lease of a blob ends while its URL is good',
    file: `${engine}/blobs.ts`,
    find: `const { size, objects } = await promised(repository, digest, options)`,
    replace: `const { size, objects } = (await find(repository, digest, options)).blob.value`,
    test: { file: 'packages/engine/test/leases.test.ts', title: 'is renewed by %s when half of it is over' },
  },
  {
    name: 'redirects: a driver is asked for URLs that claims to have none',
    file: `${engine}/blobs.ts`,
    find: `driver.capabilities.presign ? driver.presign?.bind(driver) : undefined`,
    replace: `driver.presign?.bind(driver)`,
    test: { file: 'packages/engine/test/presign.test.ts', title: 'there are no URLs where the driver claims none, whatever it has' },
  },
  {
    name: 'redirects: a User-Agent counts with its capitals',
    file: `${server}/redirects.ts`,
    find: `userAgent.toLowerCase().includes(text)`,
    replace: `userAgent.includes(text)`,
    test: named('redirects', 'are for no client that is excepted by a part of its User-Agent'),
  },
  {
    name: 'redirects: an empty text excepts everybody',
    file: `${server}/redirects.ts`,
    find: `if (texts.includes('')) throw`,
    replace: `if (texts.includes('\\n')) throw`,
    test: named('redirects', 'redirects of %j are refused'),
  },
  {
    name: 'redirects: a URL may outlive what the lease keeps',
    file: `${server}/redirects.ts`,
    find: `const mostSeconds = 43_200`,
    replace: `const mostSeconds = 604_800`,
    test: named('redirects', 'redirects of %j are refused'),
  },
  {
    name: 'redirects: every URL is good for the same time',
    file: `${server}/handlers/blob-elsewhere.ts`,
    find: `expires: redirects.seconds`,
    replace: `expires: 1200`,
    test: named('redirects', 'redirects may be good for %i seconds'),
  },
  {
    name: 'redirects: a read fails where the storage gives no URL',
    file: `${server}/handlers/blob-elsewhere.ts`,
    find: `    log.warn({ err: error }, 'the storage gave no URL for a blob: the registry sends it')
    return undefined`,
    replace: `    throw error`,
    test: named('redirects', 'are not missed where the storage fails to give a URL: the registry sends the bytes'),
  },
  {
    name: 'redirects: nobody hears of a storage without URLs',
    file: `${server}/cli/missing-redirects.ts`,
    find: `|| blobs.presign) return []`,
    replace: `|| blobs.presign !== null) return []`,
    test: named('command', 'tells once that a storage gives no URLs, with several workers too, and sends the bytes'),
  },
  {
    name: 'redirects: each worker tells of a storage without URLs',
    file: `${server}/cli/workers/serving.ts`,
    find: `    if (tellsRebuild) {`,
    replace: `    if (!tellsRebuild) warn(missingRedirects(registry, configuration))
    if (tellsRebuild) {`,
    test: named('command', 'tells once that a storage gives no URLs, with several workers too, and sends the bytes'),
  },
  {
    name: 'redirects: the configuration is not asked for how long and for whom',
    file: `${server}/cli/server-options.ts`,
    find: `redirects: { seconds: own.storage_redirect_seconds, except: own.storage_redirect_except ?? [] }`,
    replace: `redirects: {}`,
    test: named('command', 'redirects reads as its configuration says'),
  },
  {
    name: 'nginx: it counts more than a redirect',
    file: `${server}/handlers/blob-elsewhere.ts`,
    find: `  if (url) return { url }`,
    replace: `  if (url && nginxPrefix === undefined) return { url }`,
    test: named('accel', 'are those for which the storage has no URL'),
  },
  {
    name: 'nginx: the prefix is not escaped',
    file: `${server}/nginx.ts`,
    find: '`/${encodeURIComponent(segment)}`',
    replace: '`/${segment}`',
    test: named('accel', 'the prefix %j is escaped, as nginx reads it'),
  },
  {
    name: 'nginx: a prefix leads elsewhere',
    file: `${server}/nginx.ts`,
    find: `['', '.', '..'].includes(segment)`,
    replace: `segment === ''`,
    test: named('accel', 'the prefix %j is refused'),
  },
  {
    name: 'nginx: it is sent for files of a storage that has none',
    file: `${server}/cli/server-options.ts`,
    find: `nginxPrefix !== undefined && storage.module.name === 'file' && { nginxPrefix }`,
    replace: `nginxPrefix !== undefined && { nginxPrefix }`,
    test: named('command', 'lets nginx send files, of file storage alone'),
  },
  {
    name: 'nginx: nobody hears that a storage has no files for it',
    file: `${server}/config/warnings.ts`,
    find: `    ...nginxWithoutFiles(values, storage),
`,
    replace: ``,
    test: { file: 'packages/server/test/config/warnings.test.ts', title: 'is told of files for nginx where there are none' },
  },
]
