import fc from 'fast-check'

/** A request of which no part has to be what anyone would send. In latin1: each character is a byte. */
export interface Garbage {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  readonly host: boolean
}

const byte = fc.nat(255).map((code) => String.fromCharCode(code))
const pathPart = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('v2', 'a', 'b', 'blobs', 'uploads', 'manifests', 'tags', 'list', 'referrers', '_catalog', '..', '.', '', 'v1', 'livez') },
  { weight: 2, arbitrary: fc.constantFrom('%2F', '%00', '%', '%zz', '%C3%28', '\\', ';', 'a:b', `sha256:${'0'.repeat(64)}`, '__proto__', 'constructor', '*', 'http:') },
  { weight: 2, arbitrary: fc.string({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: byte, maxLength: 8 }) },
)
const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('?n=', '?n=1&n=2', '?last=%00', '?last=%FF', '?digest=x', '?mount=x&from=y', '?artifactType=%', '?tag=a&tag=b', '?__proto__=x', '?#', '??', '?&&=') },
  { weight: 1, arbitrary: fc.string({ maxLength: 10 }).map((text) => `?${text}`) },
)
const target = fc.tuple(fc.array(pathPart, { maxLength: 7 }), query).map(([parts, search]) => `/${parts.join('/')}${search}`)

const header = fc.oneof(
  fc.constantFrom<(readonly [string, string])[]>(
    ['Content-Length', '5'],
    ['Content-Length', '-1'],
    ['Content-Length', '99999999999999999999'],
    ['Transfer-Encoding', 'chunked'],
    ['Transfer-Encoding', 'gzip'],
    ['Content-Type', ';;;'],
    ['Content-Type', 'application/json'],
    ['Content-Range', '0-4'],
    ['Range', 'bytes=0-'],
    ['If-None-Match', '"'],
    ['Expect', '100-continue'],
    ['Expect', 'cake'],
    ['Upgrade', 'websocket'],
    ['Host', 'other'],
    ['Accept-Encoding', '*'],
    ['Origin', 'null'],
    ['X-HTTP-Method-Override', 'DELETE'],
    ['X'.repeat(70_000), 'x'],
    ['X-Long', 'x'.repeat(70_000)],
  ),
  fc.tuple(fc.string({ maxLength: 6 }), fc.string({ maxLength: 10 })),
  fc.tuple(fc.constantFrom('Accept', 'Range', 'Content-Range', 'Content-Type', 'If-Range', 'Cookie'), fc.string({ unit: byte, maxLength: 10 })),
)

export const garbage: fc.Arbitrary<Garbage> = fc.record({
  method: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'M-SEARCH', 'QUERY', 'CONNECT', 'get') },
    { weight: 1, arbitrary: fc.string({ maxLength: 5 }) },
  ),
  target: fc.oneof({ weight: 12, arbitrary: target }, { weight: 1, arbitrary: fc.string({ unit: byte, maxLength: 20 }) }),
  headers: fc.array(header, { maxLength: 3 }),
  body: fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.string({ unit: byte, maxLength: 12 }) }, { weight: 1, arbitrary: fc.constantFrom('5\r\nhello\r\n0\r\n\r\n', 'zz\r\n', 'hello') }),
  host: fc.constantFrom(true, true, true, false, true),
})

/** What goes over the wire; the connection is to end with it. */
export function bytesOf({ method, target, headers, body, host }: Garbage): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, ...(host ? ['Host: x'] : []), 'Connection: close', ...headers.map(([name, value]) => `${name}: ${value}`)]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}
