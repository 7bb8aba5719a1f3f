import { expect } from 'vitest'
import type { TestServer } from '../../support/test-server.js'
import { type Algorithm, contentOf, randomContent } from './content.js'
import { configType, descriptorOf, type Document, type DocumentOptions, emptyType, imageOf, layerType } from './documents.js'
import { pushContent } from './upload-flows.js'

export async function putManifest({ send }: TestServer, repository: string, reference: string, { bytes, mediaType }: Document): Promise<Response> {
  return send('PUT', `/v2/${repository}/manifests/${reference}`, { headers: { 'content-type': mediaType }, body: bytes })
}

/** Pushes a manifest that a test needs: under its digest, or a tag. */
export async function pushManifest(server: TestServer, repository: string, manifest: Document, reference: string = manifest.digest): Promise<Document> {
  const put = await putManifest(server, repository, reference, manifest)
  expect(put.status).toBe(201)
  return manifest
}

/** An image of one layer whose blobs are pushed, as a manifest to push. */
export async function preparedImage(server: TestServer, repository: string, algorithm: Algorithm = 'sha256', more: object = {}): Promise<Document> {
  const [config, layer] = [contentOf('{"os":"linux"}', algorithm), randomContent(algorithm)]
  await pushContent(server, repository, config, layer)
  return imageOf(descriptorOf(configType, config), [descriptorOf(layerType, layer)], { algorithm, ...more })
}

/** An artifact whose config and layer are the empty blob, which is pushed, as a manifest to push. */
export async function preparedArtifact(server: TestServer, repository: string, options: DocumentOptions = {}): Promise<Document> {
  const empty = contentOf('{}', options.algorithm)
  await pushContent(server, repository, empty)
  return imageOf(descriptorOf(emptyType, empty), [descriptorOf(emptyType, empty)], options)
}
