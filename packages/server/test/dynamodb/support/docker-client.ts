import { expect } from 'vitest'
import { blobOf, imageManifest, imageType, type TestBlob } from '../../support/test-server.js'
import type { CostedRegistry } from './costed-registry.js'

/** A manifest and the blobs that it names. */
export interface Image {
  readonly manifest: TestBlob
  readonly config: TestBlob
  readonly layers: readonly TestBlob[]
}

const layerBytes = 64 * 1024

/** A layer that is the same in every run, and so is its digest. */
export function layerOf(name: string): TestBlob {
  return blobOf(Buffer.alloc(layerBytes, name))
}

export function imageOf(layers: readonly TestBlob[]): Image {
  const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) }
  const config = blobOf(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs }))
  return { manifest: imageManifest(config, layers), config, layers }
}

/** Pushes what the repository lacks, layer by layer, then the manifest by a tag, as docker does. */
export async function pushImage(registry: CostedRegistry, repository: string, tag: string, { manifest, config, layers }: Image): Promise<void> {
  for (const blob of [...layers, config]) await pushLayer(registry, repository, blob)
  await putManifest(registry, repository, tag, manifest)
}

export async function putManifest(registry: CostedRegistry, repository: string, reference: string, { bytes }: TestBlob): Promise<void> {
  await answer(registry, 201, 'PUT', `/v2/${repository}/manifests/${reference}`, { headers: { 'content-type': imageType }, body: bytes })
}

/** HEAD by the tag, then by the digest the manifest and all that it names. */
export async function pullImage(registry: CostedRegistry, repository: string, tag: string, { manifest, config, layers }: Image): Promise<void> {
  await answer(registry, 200, 'HEAD', `/v2/${repository}/manifests/${tag}`)
  await answer(registry, 200, 'GET', `/v2/${repository}/manifests/${manifest.digest}`)
  for (const { digest } of [config, ...layers]) await answer(registry, 200, 'GET', `/v2/${repository}/blobs/${digest}`)
}

/** An answer with this status; its body is read to its end. */
export async function answer({ send }: CostedRegistry, status: number, ...[method, path, options]: Parameters<CostedRegistry['send']>): Promise<Response> {
  const response = await send(method, path, options)
  const text = await response.text()
  expect([response.status, response.ok ? '' : text]).toEqual([status, ''])
  return response
}

/** HEAD; where it is not there POST, one PATCH, an empty PUT, and HEAD again. */
async function pushLayer(registry: CostedRegistry, repository: string, { digest, bytes }: TestBlob): Promise<void> {
  const path = `/v2/${repository}/blobs/${digest}`
  if ((await registry.send('HEAD', path)).status === 200) return
  const begun = await answer(registry, 202, 'POST', `/v2/${repository}/blobs/uploads/`)
  const patched = await answer(registry, 202, 'PATCH', begun.headers.get('location')!, { body: bytes })
  await answer(registry, 201, 'PUT', `${patched.headers.get('location')!}?digest=${digest}`)
  await answer(registry, 200, 'HEAD', path)
}
