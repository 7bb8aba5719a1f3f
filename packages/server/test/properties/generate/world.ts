import { createHash } from 'node:crypto'
import { type Algorithm, digestOf } from '../model/grammar.js'
import type { Recipe } from './recipe.js'
import { contentOfNobody, writeDocument, type WrittenDocument } from './write-document.js'

/** What the requests of one run are about: names and bytes that no other run has. */
export interface World {
  readonly prefix: string
  readonly repositories: readonly string[]
  readonly blobs: readonly Buffer[]
  readonly documents: readonly WrittenDocument[]
}

/** Blobs that are the same in every run. */
export const commonBlobs: readonly Buffer[] = [Buffer.alloc(0), Buffer.from('{}')]

const sizes = [16, 20, 300, 5000]

/** @param run - sorts behind those before it */
export function worldOf(run: string, recipes: readonly Recipe[]): World {
  const prefix = `p${run}`
  const blobs = [...commonBlobs, ...sizes.map((size) => bytesOf(`${run} ${size}`, size))]
  const documents: WrittenDocument[] = []
  for (const recipe of recipes) documents.push(writeDocument(recipe, blobs, documents))
  // Names that look like endpoints are names.
  return { prefix, repositories: ['app', 'blobs/uploads', 'x/manifests'].map((name) => `${prefix}/${name}`), blobs, documents }
}

/** Bytes that look random. */
function bytesOf(seed: string, size: number): Buffer {
  const parts = Array.from({ length: Math.ceil(size / 64) }, (_, n) => createHash('sha512').update(`${seed} ${n}`).digest())
  return Buffer.concat(parts).subarray(0, size)
}

/** Content of the world, or of nobody. */
export interface DigestChoice {
  readonly of: 'blob' | 'document' | 'nothing'
  readonly n: number
  readonly algorithm: Algorithm
}

export function chosenDigest({ blobs, documents }: World, { of, n, algorithm }: DigestChoice): string {
  const bytes = of === 'blob' ? blobs[n % blobs.length] : of === 'document' ? documents[n % documents.length]?.bytes : undefined
  return digestOf(algorithm, bytes ?? contentOfNobody)
}
