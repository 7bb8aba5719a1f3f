import fc from 'fast-check'
import type { Algorithm } from '../model/grammar.js'

/** What makes a document something that no one may take for a manifest. */
export const faults = [
  'no JSON',
  'a list',
  'schema version 1',
  'no schema version',
  'both kinds',
  'media type is a number',
  'a field twice',
  'a field in another case',
  'a digest that is none',
  'a negative size',
  'no size',
  'no content',
  'annotations that are no strings',
  'a subject that is none',
  'nested too deep',
  'not UTF-8',
] as const

export type Fault = (typeof faults)[number]

/** What a document of the world is made of. Numbers lead to blobs and documents of the world. */
export interface Recipe {
  readonly form: 'image' | 'docker image' | 'index' | 'docker index'
  /** Whether `mediaType` is in it. */
  readonly saysType: boolean
  readonly algorithm: Algorithm
  readonly config: number
  readonly configType: string
  readonly layers: readonly number[]
  /** A layer that nobody may distribute. */
  readonly foreign: boolean
  readonly children: readonly number[]
  readonly subject: number | undefined
  readonly artifactType: string | undefined
  readonly annotations: Readonly<Record<string, string>> | undefined
  readonly fault: Fault | undefined
  /** Bytes of white space. */
  readonly padding: number
}

// Values at both ends are drawn more often than those between.
const algorithm = fc.constantFrom<Algorithm[]>('sha256', 'sha256', 'sha256', 'sha512', 'sha256', 'sha256', 'sha256')
const text = fc.constantFrom('', 'x', 'ä\u{1f600}', '"\\', '\u0000', '\ud800')
const key = fc.constantFrom('a', 'org.opencontainers.image.title', '__proto__', 'constructor', 'digest')

export const recipe: fc.Arbitrary<Recipe> = fc.record({
  form: fc.constantFrom('image' as const, 'image' as const, 'index' as const, 'docker image' as const, 'docker index' as const),
  saysType: fc.boolean(),
  algorithm,
  config: fc.nat(5),
  configType: fc.constantFrom('application/vnd.oci.image.config.v1+json', 'application/vnd.example.config', ''),
  layers: fc.array(fc.nat(5), { maxLength: 2 }),
  foreign: fc.constantFrom(false, false, true, false, false),
  children: fc.array(fc.nat(4), { maxLength: 2 }),
  subject: fc.constantFrom(undefined, 0, 0, 5, 1, undefined, 0),
  artifactType: fc.constantFrom(undefined, undefined, 'application/vnd.example.sbom', 'application/vnd.example.signature', ''),
  annotations: fc.option(fc.dictionary(key, text, { maxKeys: 2, noNullPrototype: true }), { nil: undefined, freq: 2 }),
  fault: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...faults) }),
  padding: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(0, 0, 0, 1, 400) }, { weight: 1, arbitrary: fc.constant(5000) }),
})
