const source = 'packages/server/src'
const engine = 'packages/engine/src'
const protocol = (file, title) => ({ file: `packages/server/test/protocol/${file}.test.ts`, title })
const sockets = (file, title) => ({ file: `packages/server/test/sockets/${file}.test.ts`, title })

/** Lists, deletes, what holds for every answer, and security: at least one for each line P32 to P44 and S1 to S14 of docs/protocol.md. */
export const protocolGeneral = [
  {
    name: 'P32: a page of tags is as long as the client asks for',
    file: `${source}/handlers/lists.ts`,
    find: `return Math.min(limit, limits.pageEntries)`,
    replace: `return limit`,
    test: protocol('lists', 'has as many entries on a page as the operator says [P32]'),
  },
  {
    name: 'P32: n is read as loosely as JavaScript reads numbers',
    file: `${source}/parse-request.ts`,
    find: `if (!/^\\d+$/.test(text)) throw`,
    replace: `if (Number.isNaN(Number(text))) throw`,
    test: protocol('lists', 'takes any n that is a number, 0 for an empty page, and refuses what is none [P32]'),
  },
  {
    name: 'P32: the catalog has a next page where there is none',
    file: `${source}/handlers/lists.ts`,
    find: `if (more && n > 0) reply.header('link', nextPage(settings, '/v2/_catalog'`,
    replace: `if (repositories.length === n && n > 0) reply.header('link', nextPage(settings, '/v2/_catalog'`,
    test: protocol('catalog', 'takes any n that is a number, 0 for an empty page, and refuses what is none [P32]'),
  },
  {
    name: 'P33: a repository that is not there has an empty list of tags',
    file: `${engine}/tags.ts`,
    find: `      await requireRepository(context, repository, { signal })
`,
    replace: ``,
    test: protocol('lists', 'is 404 until the first manifest, and again when the repository is deleted, not before [P33]'),
  },
  {
    name: 'P34: deleting a tag takes the manifest along',
    file: `${source}/handlers/manifests.ts`,
    find: `await registry.tags.delete(repository, reference.tag)`,
    replace: `await registry.manifests.delete(repository, (await registry.manifests.stat(repository, reference)).digest)`,
    test: protocol('deletes', 'of a tag leaves the manifest, of a digest takes its tags along [P34]'),
  },
  {
    name: 'P35: what referred to a deleted manifest is not listed',
    file: `${engine}/referrers.ts`,
    find: `      let room = bytes
`,
    replace: `      let room = bytes
      const own = await readRow(index, rowKeys.manifest(repository, subject))
      if (own && !isLive(own.value)) return { descriptors, more: false }
`,
    test: protocol('referrers', 'are listed when their subject is deleted, and are gone at once when they are deleted themselves [P35]'),
  },
  {
    name: 'P36: the next page of filtered referrers has all of them',
    file: `${source}/handlers/referrers.ts`,
    find: `{ artifactType, last:`,
    replace: `{ last:`,
    test: protocol('referrers', 'come in pages that lead to the next, and are filtered in every one of them [P36]'),
  },
  {
    name: 'P36: annotations that fit in no row are left out of the list',
    file: `${engine}/referrers.ts`,
    find: `return annotations ? { ...descriptor, annotations } : descriptor`,
    replace: `return annotations === undefined ? { ...descriptor } : descriptor`,
    test: protocol('referrers', 'come one on a page where none fits, and with annotations that no row of an index has room for [P36]'),
  },
  {
    name: 'P37: the manifest that keeps a blob is not told',
    file: `${engine}/delete-blob.ts`,
    find: `detail: { digest, manifest: edge.manifest },`,
    replace: `detail: { digest },`,
    test: protocol('deletes', 'of a blob is refused with the manifest that uses it, and done when none does [P37]'),
  },
  {
    name: 'P38: errors have a charset',
    file: `${source}/send-json.ts`,
    find: `mediaType = 'application/json')`,
    replace: `mediaType = 'application/json; charset=utf-8')`,
    test: protocol('errors', 'are JSON of one form: $status $code for $method $path [P38]'),
  },
  {
    name: 'P39: answers do not say that they come from a registry',
    file: `${source}/app.ts`,
    find: `    'docker-distribution-api-version': 'registry/2.0',
`,
    replace: ``,
    test: protocol('headers', 'has Docker-Distribution-API-Version [P39]'),
  },
  {
    name: 'P39: pages of every origin may read answers',
    file: `${source}/cross-origin.ts`,
    find: `!(everyone || origins.includes(origin))`,
    replace: `origin === ''`,
    test: protocol('methods', 'of allowed origins may read the answers and their headers, those of others may not [P39]'),
  },
  {
    name: 'P40: names of repositories are decoded',
    file: `${source}/parse-request.ts`,
    find: `const parts = path.slice('/v2/'.length).split('/')`,
    replace: `const parts = decoded(path.slice('/v2/'.length)).split('/')`,
    test: protocol('names', 'are never decoded, folded or cleaned: %s [P40]'),
  },
  {
    name: 'P40: a repository that ends as an upload begins is none',
    file: `${source}/parse-request.ts`,
    find: `if (second === 'tags' && last === 'list') return`,
    replace: `if (second === 'tags' && last === 'list' && third !== 'uploads') return`,
    test: protocol('names', 'may be called as parts of paths are, since names are read from the right [P40]'),
  },
  {
    name: 'P41: OPTIONS is a method that no endpoint has',
    file: `${source}/parse-request.ts`,
    find: `  if (method === 'OPTIONS') return { kind: 'methods', allow }
`,
    replace: ``,
    test: protocol('methods', '%s has these and no others: %s [P41]'),
  },
  {
    name: 'P41: a method that an endpoint does not have is refused without those that it has',
    file: `${source}/handlers/refusals.ts`,
    find: `reply.code(405).header('allow', methods)`,
    replace: `reply.code(405)`,
    test: protocol('methods', '%s has these and no others: %s [P41]'),
  },
  {
    name: 'P42: 100 is sent before anyone looked at the request',
    file: `${source}/http-server.ts`,
    find: `    server.emit('request', request, response)`,
    replace: `    response.writeContinue()
    server.emit('request', request, response)`,
    test: sockets('expect', 'is answered %d without 100 to %s, and the connection closed, so that no body is taken for a request [P42]'),
  },
  {
    name: 'P42: nobody is told when to try again',
    file: `${source}/write-error.ts`,
    find: `if (retryAfter !== undefined) reply.header('retry-after', retryAfter)`,
    replace: `if (retryAfter === 0) reply.header('retry-after', retryAfter)`,
    test: protocol('headers', 'tell when to try again where there is too much at once, or storage does not answer [P42]'),
  },
  {
    name: 'P42: a warning is not quoted',
    file: `${source}/warning.ts`,
    find: `'\\\\$&'`,
    replace: `'$&'`,
    test: protocol('headers', 'has the warning of the operator, and none where he gave none [P42]'),
  },
  {
    name: 'P43: who names another registry finds nothing',
    file: `${source}/parse-request.ts`,
    find: `const route = routeOf(path, new URLSearchParams(search))`,
    replace: `const route = new URLSearchParams(search).get('ns') ? undefined : routeOf(path, new URLSearchParams(search))`,
    test: protocol('headers', 'is the same with ns as without [P43]'),
  },
  {
    name: 'P44: a request has five minutes',
    file: `${source}/http-server.ts`,
    find: `requestTimeout: 0,`,
    replace: `requestTimeout: 300_000,`,
    test: protocol('headers', 'say that a connection is kept, for 75 seconds, and five minutes without a byte [P44]'),
  },
  {
    name: 'P44: connections are kept for as long as Node would keep them',
    file: `${source}/http-server.ts`,
    find: `const keepAliveTimeout = 75_000`,
    replace: `const keepAliveTimeout = 5_000`,
    test: protocol('headers', 'say that a connection is kept, for 75 seconds, and five minutes without a byte [P44]'),
  },
  {
    name: 'S1: a manifest may have any number of descriptors',
    file: `${engine}/policy.ts`,
    find: `manifestDescriptors: 10_000,`,
    replace: `manifestDescriptors: 10_000_000,`,
    test: protocol('limits', 'of descriptors are 10,000, or what the policy says [S1]'),
  },
  {
    name: 'S1: headers may be as large as Node lets them',
    file: `${source}/http-server.ts`,
    find: `maxHeaderSize: headerBytes`,
    replace: `maxHeaderSize: headerBytes * 100`,
    test: protocol('limits', 'are 64 KiB of request line and headers, or what it is told, with 431 beyond [S1]'),
  },
  {
    name: 'S2: a blob is readable through every repository',
    file: `${engine}/blobs.ts`,
    find: `    const found = await readableBlob(context, repository, digest, options)
`,
    replace: `    const row = await readRow(index, rowKeys.blob(digest), options)
    const found = (await readableBlob(context, repository, digest, options)) ?? (row && ({ blob: row } as ReadableBlob))
`,
    test: protocol('deletes', 'of a blob takes it from every route of the repository [S2]'),
  },
  {
    name: 'S3: uploads can be cancelled where deletes are switched off',
    file: `${source}/parse-request.ts`,
    find: `const reason = off.get(method)`,
    replace: `const reason = path.includes('/blobs/uploads/') ? undefined : off.get(method)`,
    test: protocol('switches', 'without deletes refuses every route that would: tags, manifests, blobs and uploads [S3]'),
  },
  {
    name: 'S3: a read-only registry deletes',
    file: `${source}/settings.ts`,
    find: `['POST', 'PUT', 'PATCH', 'DELETE'].map`,
    replace: `['POST', 'PUT', 'PATCH'].map`,
    test: protocol('switches', 'that is read-only refuses whatever would change something: %j [S3]'),
  },
  {
    name: 'S4: a manifest may be an image and an index',
    file: `${engine}/manifest-document.ts`,
    find: `if ('manifests' in document && (`,
    replace: `if ('manifests' in document && 'neither' in document && (`,
    test: protocol('security', 'takes no manifest that could be read as another kind of document [S4]'),
  },
  {
    name: 'S5: digests may be in capitals',
    file: `${source}/parse-request.ts`,
    find: `  return parseDigest(text)
}`,
    replace: `  return parseDigest(text.toLowerCase())
}`,
    test: protocol('names', 'that have %s are 400, everywhere [S5]'),
  },
  {
    name: 'S6: ids of sessions have 64 bits',
    file: `${engine}/registry.ts`,
    find: `randomBytes(16).toString('hex')`,
    replace: `randomBytes(8).toString('hex').padEnd(32, '0')`,
    test: protocol('security', 'gives sessions random ids of 128 bits, and knows them in their repository alone [S6]'),
  },
  {
    name: 'S6: a session is known in every repository',
    file: `${engine}/uploads.ts`,
    find: `if (row?.value.repository !== repository || row.value.expires`,
    replace: `if (row === undefined || row.value.expires`,
    test: protocol('security', 'gives sessions random ids of 128 bits, and knows them in their repository alone [S6]'),
  },
  {
    name: 'S7: the Host of a request comes back in Location',
    file: `${source}/handlers/uploads.ts`,
    find: `function sessionHeaders({ settings, reply }: Exchange, repository: string, { id, offset }: UploadStatus): Exchange['reply'] {
  return reply
    .header('location', \`\${settings.urlPrefix}/v2/`,
    replace: `function sessionHeaders({ request, reply }: Exchange, repository: string, { id, offset }: UploadStatus): Exchange['reply'] {
  return reply
    .header('location', \`http://\${request.headers.host ?? ''}/v2/`,
    test: sockets('hosts', 'comes back in no answer, with %s [S7]'),
  },
  {
    name: 'S8: a manifest is pushed to whatever its path says',
    file: `${source}/parse-request.ts`,
    find: `kind: 'manifest-put', repository: parseRepositoryName(name)`,
    replace: `kind: 'manifest-put', repository: decoded(name)`,
    test: protocol('names', 'never become names of files, and neither do tags, digests and ids of sessions [S8]'),
  },
  {
    name: 'S9: browsers show blobs',
    file: `${source}/handlers/blobs.ts`,
    find: `
    .header('content-disposition', 'attachment')`,
    replace: ``,
    test: protocol('headers', 'of blobs keep browsers from running them, whatever is asked of them [S9]'),
  },
  {
    name: 'S10: a client chooses the id of its requests in the log',
    file: `${source}/app.ts`,
    find: `const id = randomUUID()`,
    replace: `const id = String(request.headers['x-request-id'] ?? randomUUID())`,
    test: sockets('log', 'has one record for each request, with its own id and nothing secret [S10]'),
  },
  {
    name: 'S10: the log has lines that are made of what a client asked for',
    file: `${source}/app.ts`,
    find: `      boundUnreadBody(request, refusedBodyMilliseconds)
`,
    replace: `      boundUnreadBody(request, refusedBodyMilliseconds)
      const asked = /\\{.*\\}/.exec(request.url ?? '')?.[0]
      if (asked !== undefined) logger?.info(JSON.parse(asked) as object, '')
`,
    test: sockets('log', 'never makes a line of the log of its own, and no colour in a terminal [S10]'),
  },
  {
    name: 'S11: annotations are copied by assignment',
    file: `${engine}/manifest-document.ts`,
    find: `  return value as Readonly<Record<string, string>>`,
    replace: `  const copy: Record<string, string> = {}
  for (const [name, text] of Object.entries(value)) copy[name] = text as string
  return copy`,
    test: protocol('security', 'takes __proto__, constructor and the like as names like any other [S11]'),
  },
  {
    name: 'S12: requests are read leniently',
    file: `${source}/http-server.ts`,
    find: `maxHeaderSize: headerBytes`,
    replace: `maxHeaderSize: headerBytes, insecureHTTPParser: true`,
    test: sockets('framing', 'with %s is refused, and its connection closed [S12]'),
  },
  {
    name: 'S13: the urls of layers are looked at',
    file: `${engine}/manifests.ts`,
    find: `      const document = parseManifest(parseMediaType(mediaType), text)
`,
    replace: `      const document = parseManifest(parseMediaType(mediaType), text)
      for (const { urls = [] } of (JSON.parse(text) as { layers?: { urls?: string[] }[] }).layers ?? []) {
        for (const url of urls) await fetch(url, { signal: AbortSignal.timeout(100) }).catch(() => undefined)
      }
`,
    test: protocol('security', 'never follows the urls of descriptors [S13]'),
  },
  {
    name: 'S14: a client that stops keeps its place for ever',
    file: `${source}/upload-slots.ts`,
    find: `        taken--
`,
    replace: `        taken -= 0
`,
    test: sockets('slow-clients', 'that sends nothing does not keep a place that others need [S14]'),
  },
  {
    name: 'P44: what is no HTTP is answered in the middle of another answer',
    file: `${source}/client-error.ts`,
    find: ` || isAnswering) {`,
    replace: `) {`,
    test: sockets('connections', 'is cut in the middle of an answer when its client sends nonsense, so that nobody takes the error for a part of the answer [P44]'),
  },
  {
    name: 'P38: a server that closes lets clients send another request',
    file: `${source}/app.ts`,
    find: `    if (isClosing) reply.header('connection', 'close')\n`,
    replace: ``,
    test: protocol('errors', 'are JSON of that form while the server closes, for a request that comes on a connection in use [P38]'),
  },
  {
    name: 'P38: a request may name two hosts',
    file: `${source}/app.ts`,
    find: `sentHeaders(request, 'host').length !== 1`,
    replace: `sentHeaders(request, 'host').length === 0`,
    test: protocol('errors', 'are JSON of that form where Node itself would answer: %s [P38]'),
  },
  {
    name: 'P42: a client of HTTP/1.0 is told to go on',
    file: `${source}/request-body.ts`,
    find: ` && request.httpVersion === '1.1'`,
    replace: ``,
    test: sockets('expect', 'means nothing from a client of HTTP/1.0, which knows no such answer [P42]'),
  },
  {
    name: 'P42: a probe is not told when to try again',
    file: `${source}/handlers/health.ts`,
    find: `.header('retry-after', retryAfterSeconds)`,
    replace: `.header('retry', retryAfterSeconds)`,
    test: protocol('headers', 'tell a probe as well when to try again [P42]'),
  },
  {
    name: 'S7: a public URL may have a password',
    file: `${source}/base-url.ts`,
    find: ` || url.password !== ''`,
    replace: ``,
    test: protocol('switches', 'is refused where it has what no link can have: %j [S7]'),
  },
  {
    name: 'P16: HEAD does not heed If-None-Match',
    file: `${source}/handlers/blobs.ts`,
    find: `await (isMatch(headerOf(request, 'if-none-match'), digest) ? reply.code(304) : reply.header('content-length', size)).send()`,
    replace: `await (isMatch(headerOf(request, 'if-none-match'), digest) && size < 0 ? reply.code(304) : reply.header('content-length', size)).send()`,
    test: protocol('ranges', 'and blobs have their digest for an ETag, which If-None-Match answers with 304 [P16]'),
  },
  {
    name: 'P44: three requests may not come at once',
    file: `${source}/turns.ts`,
    find: `if (line.waiting.length >= mostWaiting)`,
    replace: `if (line.waiting.length >= mostWaiting / 100)`,
    test: sockets('connections', 'has its requests answered in their order, also where all come at once [P44]'),
  },
  {
    name: 'S1: any number of manifests may be in memory',
    file: `${source}/byte-budget.ts`,
    find: `if (bytes > left) throw`,
    replace: `if (bytes > most) throw`,
    test: protocol('limits', 'are as many bytes as the operator says, with 429 beyond but for small ones, and again when they are sent [S1]'),
  },
  {
    name: 'what a driver reads next is sent in place of what it read before',
    file: `${source}/send-body.ts`,
    find: `isSmall ? Uint8Array.from(chunk) : chunk`,
    replace: `chunk`,
    test: { file: 'packages/server/src/send-body.test.ts', title: 'sends chunks as they were when they came, though their memory is used again: %s' },
  },
  {
    name: 'a large chunk is over when it waits for the client',
    file: `${source}/send-body.ts`,
    find: `raw.write(bytes, done) && isSmall`,
    replace: `raw.write(bytes, done) || !isSmall`,
    test: { file: 'packages/server/src/send-body.test.ts', title: 'sends chunks as they were when they came, though their memory is used again: %s' },
  },
  {
    name: 'a blob is read to its end for a client that left',
    file: `${source}/send-body.ts`,
    find: `if (raw.destroyed) break`,
    replace: `if (raw.destroyed) continue`,
    test: { file: 'packages/server/src/send-body.test.ts', title: 'asks for no more chunks' },
  },
  {
    name: 'S1: small chunks of a blob are held for a client that reads slowly',
    file: `${source}/send-body.ts`,
    find: `else if (raw.write(bytes, done) && isSmall) done()`,
    replace: `else {
      raw.write(bytes, done)
      if (isSmall) done()
    }`,
    test: { file: 'packages/server/src/send-body.test.ts', title: 'as fast as the client reads' },
  },
  {
    name: 'a blob that ends early leaves its client waiting',
    file: `${source}/send-body.ts`,
    find: `if (left > 0 && !raw.destroyed) throw`,
    replace: `if (left < 0) throw`,
    test: { file: 'packages/server/src/send-body.test.ts', title: 'cuts the connection where there are fewer bytes than its length' },
  },
  {
    name: 'S1: what was in memory counts for ever',
    file: `${source}/reply.ts`,
    find: `this.buffered.give(bytes)`,
    replace: `this.buffered.give(0)`,
    test: protocol('limits', 'are as many bytes as the operator says, with 429 beyond but for small ones, and again when they are sent [S1]'),
  },
  {
    name: 'P39: caches may give the answer for one page to another',
    file: `${source}/cross-origin.ts`,
    find: `everyone ? {} : { vary: 'origin' }`,
    replace: `everyone || origins.length > 0 ? {} : { vary: 'origin' }`,
    test: protocol('methods', 'of allowed origins may read the answers and their headers, those of others may not [P39]'),
  },
]
