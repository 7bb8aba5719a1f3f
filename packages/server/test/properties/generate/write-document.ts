import { broken, type DocumentFacts } from '../model/document.js'
import { digestOf } from '../model/grammar.js'
import type { Fault, Recipe } from './recipe.js'

export const documentTypes = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  'docker image': 'application/vnd.docker.distribution.manifest.v2+json',
  index: 'application/vnd.oci.image.index.v1+json',
  'docker index': 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const

export interface WrittenDocument {
  readonly bytes: Buffer
  /** What fits it as a Content-Type. */
  readonly type: string
  readonly facts: DocumentFacts
}

/** What documents lead to that is not there. */
export const contentOfNobody: Buffer = Buffer.from('of nothing')

const layerType = 'application/vnd.oci.image.layer.v1.tar'
const foreignType = 'application/vnd.oci.image.layer.nondistributable.v1.tar'

/** Writes a document that names blobs, and documents that were written before. */
export function writeDocument(recipe: Recipe, blobs: readonly Buffer[], before: readonly WrittenDocument[]): WrittenDocument {
  const { form, algorithm, saysType, fault } = recipe
  const type = documentTypes[form]
  const descriptor = (mediaType: string, bytes: Buffer): Descriptor => ({ mediaType, digest: digestOf(algorithm, bytes), size: bytes.length })
  const ofDocument = (n: number): Descriptor => {
    const document = before[n]
    return document ? descriptor(document.type, document.bytes) : descriptor(documentTypes.image, contentOfNobody)
  }
  const subject = recipe.subject === undefined ? undefined : ofDocument(recipe.subject)
  const isImage = form.endsWith('image')
  const config = descriptor(recipe.configType, blobs[recipe.config]!)
  const layers = recipe.layers.map((n) => descriptor(layerType, blobs[n]!))
  const foreign = recipe.foreign ? [descriptor(foreignType, Buffer.from('nowhere'))] : []
  const manifests = recipe.children.map(ofDocument)
  const content = {
    schemaVersion: 2,
    ...(saysType && { mediaType: type }),
    ...(isImage ? { config, layers: [...layers, ...foreign] } : { manifests }),
    ...(subject && { subject }),
    ...(recipe.artifactType !== undefined && { artifactType: recipe.artifactType }),
    ...(recipe.annotations && { annotations: recipe.annotations }),
  }
  const bytes = Buffer.from((fault === undefined ? JSON.stringify(content) : spoilt(content, fault)).replace('{', `{${' '.repeat(recipe.padding)}`))
  if (fault !== undefined) return { bytes: fault === 'not UTF-8' ? Buffer.concat([bytes, Buffer.from([0xff])]) : bytes, type, facts: broken }
  const facts: DocumentFacts = {
    shape: isImage ? 'image' : 'index',
    ownType: saysType ? type : undefined,
    blobs: isImage ? [config, ...layers].map(({ digest }) => digest) : [],
    descriptors: (isImage ? 1 + layers.length + foreign.length : manifests.length) + (subject ? 1 : 0),
    subject: subject?.digest,
    artifactType: artifactTypeOf(recipe, isImage),
    annotations: (JSON.parse(bytes.toString()) as { annotations?: unknown }).annotations,
  }
  return { bytes, type, facts }
}

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

function artifactTypeOf({ artifactType = '', configType }: Recipe, isImage: boolean): string | undefined {
  if (artifactType !== '') return artifactType
  return isImage ? configType : undefined
}

function spoilt(content: object, fault: Fault): string {
  const json = JSON.stringify(content)
  const wrong = (more: object): string => JSON.stringify({ ...content, ...more })
  const bad = { mediaType: 'x', digest: `sha256:${'0'.repeat(64)}`, size: 1 }
  const isImage = 'config' in content
  const about = (descriptor: object): string => wrong(isImage ? { config: descriptor } : { manifests: [descriptor] })
  switch (fault) {
    case 'no JSON':
      return json.slice(0, -1)
    case 'a list':
      return `[${json}]`
    case 'schema version 1':
      return wrong({ schemaVersion: 1 })
    case 'no schema version':
      return wrong({ schemaVersion: undefined })
    case 'both kinds':
      return wrong(isImage ? { manifests: [] } : { layers: [] })
    case 'media type is a number':
      return wrong({ mediaType: 2 })
    case 'a field twice':
      return json.replace('{', '{"schemaVersion":2,')
    case 'a field in another case':
      return json.replace('{', '{"Subject":null,')
    case 'a digest that is none':
      return about({ ...bad, digest: 'sha1:0000' })
    case 'a negative size':
      return about({ ...bad, size: -1 })
    case 'no size':
      return about({ ...bad, size: undefined })
    case 'no content':
      return wrong({ config: undefined, manifests: undefined })
    case 'annotations that are no strings':
      return wrong({ annotations: { a: 1 } })
    case 'a subject that is none':
      return wrong({ subject: 'sha256' })
    case 'nested too deep':
      return json.replace('{', `{"x":${'['.repeat(64)}${']'.repeat(64)},`)
    case 'not UTF-8':
      return json
  }
}
