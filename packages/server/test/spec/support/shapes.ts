import type { TestServer } from '../../support/test-server.js'
import { type Algorithm, type Content, contentOf, randomContent } from './content.js'
import { configType, type Descriptor, descriptorOf, type Document, emptyType, imageOf, indexOf, layerType } from './documents.js'
import { preparedArtifact, preparedImage, pushManifest } from './manifests.js'
import { pushContent } from './upload-flows.js'

/** Pushes what a manifest of this shape names, and gives the manifest. */
export type Shape = (server: TestServer, repository: string, algorithm: Algorithm) => Promise<Document>

const artifactType = 'application/vnd.example.oci.conformance'

const uncompressed: Shape = async (server, repository, algorithm) => {
  const [config, layer] = [contentOf('{}', algorithm), randomContent(algorithm)]
  await pushContent(server, repository, config, layer)
  return imageOf(descriptorOf(configType, config), [descriptorOf('application/vnd.oci.image.layer.v1.tar', layer)], { algorithm })
}

const largeManifest: Shape = (server, repository, algorithm) => {
  const annotations = Object.fromEntries(Array.from({ length: 390 }, (_, n) => [`org.example.${n}`, 'x'.repeat(10_000)]))
  return preparedImage(server, repository, algorithm, { annotations })
}

const index: Shape = async (server, repository, algorithm) => indexOf(await twoImages(server, repository, algorithm), { algorithm })

const nestedIndex: Shape = async (server, repository, algorithm) => {
  const inner = [await index(server, repository, algorithm), await index(server, repository, algorithm)]
  for (const one of inner) await pushManifest(server, repository, one)
  return indexOf(inner, { algorithm })
}

const emptyIndex: Shape = async (_server, _repository, algorithm) => indexOf([], { algorithm })

const artifact: Shape = async (server, repository, algorithm) => {
  const [empty, layer] = [contentOf('{}', algorithm), randomContent(algorithm)]
  await pushContent(server, repository, empty, layer)
  return imageOf(descriptorOf(emptyType, empty), [descriptorOf('text/plain', layer)], { artifactType, algorithm })
}

const artifactIndex: Shape = async (server, repository, algorithm) => {
  const artifacts = [await artifact(server, repository, algorithm), await artifact(server, repository, algorithm)]
  for (const one of artifacts) await pushManifest(server, repository, one)
  return indexOf(artifacts, { artifactType, algorithm })
}

const artifactOfEmpty: Shape = (server, repository, algorithm) => preparedArtifact(server, repository, { artifactType, algorithm })

const artifactWithoutLayers: Shape = async (server, repository, algorithm) => {
  const empty = contentOf('{}', algorithm)
  await pushContent(server, repository, empty)
  return imageOf(descriptorOf(emptyType, empty), [], { artifactType, algorithm })
}

const noLayers: Shape = async (server, repository, algorithm) => {
  const config = contentOf('{"rootfs":{"type":"layers","diff_ids":[]}}', algorithm)
  await pushContent(server, repository, config)
  return imageOf(descriptorOf(configType, config), [], { algorithm })
}

const dataField: Shape = async (server, repository, algorithm) => {
  const [config, layer] = [contentOf('{"data":true}', algorithm), randomContent(algorithm)]
  await pushContent(server, repository, config, layer)
  const described = (mediaType: string, blob: Content): Descriptor => ({ ...descriptorOf(mediaType, blob), ...{ data: blob.bytes.toString('base64') } })
  return imageOf(described(configType, config), [described(layerType, layer)], { algorithm })
}

const customFields: Shape = async (server, repository, algorithm) => {
  const [config, layer] = [contentOf('{"org.example":{"deep":[1,null]}}', algorithm), randomContent(algorithm)]
  await pushContent(server, repository, config, layer)
  const custom = { 'org.example.custom': [{ nested: true }, 1.5, null] }
  const described = (mediaType: string, blob: Content): Descriptor => ({ ...descriptorOf(mediaType, blob), ...custom })
  return imageOf(described(configType, config), [described(layerType, layer)], { ...custom, algorithm })
}

/** The layer is never pushed. */
const nonDistributable: Shape = async (server, repository, algorithm) => {
  const config = contentOf('{}', algorithm)
  await pushContent(server, repository, config)
  const descriptor = descriptorOf('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', randomContent(algorithm))
  const layer = { ...descriptor, urls: ['https://example.com/layer'] }
  return imageOf(descriptorOf(configType, config), [layer], { algorithm })
}

const missingSubject: Shape = (server, repository, algorithm) =>
  preparedImage(server, repository, algorithm, { subject: descriptorOf(configType, randomContent(algorithm)) })

const indexWithSubject: Shape = async (server, repository, algorithm) => {
  const subject = await pushManifest(server, repository, await preparedImage(server, repository, algorithm))
  return indexOf(await twoImages(server, repository, algorithm), { subject: descriptorOf(subject.mediaType, subject), algorithm })
}

async function twoImages(server: TestServer, repository: string, algorithm: Algorithm): Promise<readonly Document[]> {
  const images = [await preparedImage(server, repository, algorithm), await preparedImage(server, repository, algorithm)]
  for (const image of images) await pushManifest(server, repository, image)
  return images
}

/** What the official suite pushes. */
export const shapes: readonly (readonly [name: string, shape: Shape])[] = [
  ['an image', preparedImage],
  ['an image of uncompressed layers', uncompressed],
  ['an image of 390 annotations of 10,000 characters', largeManifest],
  ['an image without layers', noLayers],
  ['an image with layers that nobody may distribute', nonDistributable],
  ['an image with a subject that is missing', missingSubject],
  ['an image whose descriptors have data', dataField],
  ['an image with fields that nobody knows', customFields],
  ['an index', index],
  ['an index of indexes', nestedIndex],
  ['an empty index', emptyIndex],
  ['an index with a subject', indexWithSubject],
  ['an artifact', artifact],
  ['an artifact whose layer is the empty blob', artifactOfEmpty],
  ['an artifact without layers', artifactWithoutLayers],
  ['an index of artifacts', artifactIndex],
]
