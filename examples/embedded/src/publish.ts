import { createHash } from 'node:crypto'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const emptyConfig = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') }

/** The code under test: publishes a text as an OCI artifact, and returns the digest of its manifest. */
export async function publish(registryUrl: string, repository: string, tag: string, text: string): Promise<string> {
  const base = `${registryUrl}/v2/${repository}`
  const layer = { mediaType: 'text/plain', bytes: Buffer.from(text) }
  const [config, content] = await Promise.all([pushBlob(base, emptyConfig), pushBlob(base, layer)])
  const manifest = { schemaVersion: 2, mediaType: manifestType, artifactType: 'text/plain', config, layers: [content] }
  const response = await fetch(`${base}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'content-type': manifestType },
    body: JSON.stringify(manifest),
  })
  return expected(response, 201).headers.get('docker-content-digest') ?? ''
}

/** The text that was published under a tag. */
export async function read(registryUrl: string, repository: string, tag: string): Promise<string> {
  const base = `${registryUrl}/v2/${repository}`
  const response = expected(await fetch(`${base}/manifests/${tag}`, { headers: { accept: manifestType } }), 200)
  const { layers } = (await response.json()) as { layers: readonly { digest: string }[] }
  return expected(await fetch(`${base}/blobs/${layers[0]?.digest ?? ''}`), 200).text()
}

interface Content {
  readonly mediaType: string
  readonly bytes: Buffer
}

/** Pushes a blob in two requests, and returns its descriptor. */
async function pushBlob(base: string, { mediaType, bytes }: Content): Promise<{ mediaType: string; digest: string; size: number }> {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const started = expected(await fetch(`${base}/blobs/uploads/`, { method: 'POST' }), 202)
  const location = new URL(started.headers.get('location') ?? '', base)
  location.searchParams.set('digest', digest)
  expected(await fetch(location, { method: 'PUT', body: bytes }), 201)
  return { mediaType, digest, size: bytes.length }
}

function expected(response: Response, status: number): Response {
  if (response.status !== status) throw new Error(`${response.url} answered ${response.status}, expected ${status}`)
  return response
}
