/** What the bytes of a manifest say, as the one who wrote them knows. */
export interface DocumentFacts {
  /** `broken`: nobody may take it for a manifest. */
  readonly shape: 'image' | 'index' | 'broken'
  /** `mediaType` in the document. */
  readonly ownType: string | undefined
  /** Digests of the blobs that have to be there. */
  readonly blobs: readonly string[]
  readonly descriptors: number
  readonly subject: string | undefined
  /** What a list of referrers says of it. */
  readonly artifactType: string | undefined
  readonly annotations: unknown
}

export const broken: DocumentFacts = {
  shape: 'broken',
  ownType: undefined,
  blobs: [],
  descriptors: 0,
  subject: undefined,
  artifactType: undefined,
  annotations: undefined,
}

const shapes = new Map<string, 'image' | 'index'>([
  ['application/vnd.oci.image.manifest.v1+json', 'image'],
  ['application/vnd.docker.distribution.manifest.v2+json', 'image'],
  ['application/vnd.oci.image.index.v1+json', 'index'],
  ['application/vnd.docker.distribution.manifest.list.v2+json', 'index'],
])

/** The media type that a document is stored with when it is sent like this; `undefined` where it is refused. */
export function typeOf({ shape, ownType }: DocumentFacts, contentType: string | undefined): string | undefined {
  const sent = (contentType ?? '').replace(/;.*/s, '').trim().toLowerCase()
  const type = sent === '' ? (ownType ?? '') : sent
  return shapes.get(type) === shape && (ownType ?? type) === type ? type : undefined
}
