/** Media types that the registry knows by name. */
export const mediaTypes = {
  /** OCI image-spec, manifest.md. Artifacts are pushed as one, too. */
  imageManifest: 'application/vnd.oci.image.manifest.v1+json',
  /** OCI image-spec, image-index.md: a list of manifests, such as one for each platform. */
  imageIndex: 'application/vnd.oci.image.index.v1+json',
  /** Docker's own image manifest, version 2, schema 2. */
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  /** Docker's own list of manifests, the counterpart of `imageIndex`. */
  dockerManifestList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  /** What blobs are served as, whatever they hold. */
  octetStream: 'application/octet-stream',
} as const

const oldDockerManifests: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
])

/** The media type in a `Content-Type`: without parameters, in lower case. Empty where there is none. */
export function parseMediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()
}

/** Whether it is Docker's schema 1, which no client of today writes and this registry does not take. */
export function isSchemaOne(mediaType: string): boolean {
  return oldDockerManifests.has(mediaType)
}

/** Whether blobs of this type may be absent: layers that their publisher does not let anyone distribute. */
export function isNonDistributable(mediaType: string): boolean {
  return (
    mediaType.startsWith('application/vnd.oci.image.layer.nondistributable.') ||
    mediaType.startsWith('application/vnd.docker.image.rootfs.foreign.diff.')
  )
}
