/** The endpoints, with the methods that each has. */
const methods = {
  version: ['GET', 'HEAD'],
  catalog: ['GET', 'HEAD'],
  manifest: ['GET', 'HEAD', 'PUT', 'DELETE'],
  tags: ['GET', 'HEAD'],
  referrers: ['GET', 'HEAD'],
  session: ['GET', 'PATCH', 'PUT', 'DELETE'],
  uploads: ['POST'],
  blob: ['GET', 'HEAD', 'DELETE'],
} as const

type Kind = keyof typeof methods

export interface Endpoint {
  readonly kind: Kind
  readonly methods: readonly string[]
  readonly name: string
  /** The last part of the path: a reference, a digest, the id of a session. */
  readonly last: string
  readonly query: URLSearchParams
}

/** Each from the right, so that names may look like endpoints. */
const paths: readonly (readonly [kind: Kind, path: RegExp])[] = [
  ['version', /^\/v2\/?$/],
  ['catalog', /^\/v2\/_catalog$/],
  ['manifest', /^\/v2\/(?:(?<name>.*)\/)?manifests\/(?<last>[^/]+)$/s],
  ['tags', /^\/v2\/(?:(?<name>.*)\/)?tags\/list$/s],
  ['referrers', /^\/v2\/(?:(?<name>.*)\/)?referrers\/(?<last>[^/]+)$/s],
  ['session', /^\/v2\/(?:(?<name>.*)\/)?blobs\/uploads\/(?<last>[^/]+)$/s],
  ['uploads', /^\/v2\/(?:(?<name>.*)\/)?blobs\/uploads\/?$/s],
  ['blob', /^\/v2\/(?:(?<name>.*)\/)?blobs\/(?<last>[^/]+)$/s],
]

/** What a target leads to, if anything. Of a whole URL only the path counts. */
export function endpointOf(url: string): Endpoint | undefined {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)\??(.*)$/s.exec(url) ?? []
  for (const [kind, pattern] of paths) {
    const { groups, 0: matched } = pattern.exec(path) ?? {}
    if (matched === undefined) continue
    return { kind, methods: methods[kind], name: groups?.['name'] ?? '', last: groups?.['last'] ?? '', query: new URLSearchParams(query) }
  }
  return undefined
}
