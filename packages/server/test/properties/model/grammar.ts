import { createHash } from 'node:crypto'

const component = '[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*'
const name = new RegExp(`^${component}(?:/${component})*$`)
const tag = /^\w[\w.-]{0,127}$/
const digest = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

export type Algorithm = 'sha256' | 'sha512'

/** @see distribution-spec, "Pulling manifests" */
export function isName(text: string): boolean {
  return text.length <= 255 && name.test(text)
}

export function isTag(text: string): boolean {
  return tag.test(text)
}

export function isDigest(text: string): boolean {
  return digest.test(text)
}

export function algorithmOf(text: string): Algorithm {
  return text.startsWith('sha512:') ? 'sha512' : 'sha256'
}

export function digestOf(algorithm: Algorithm, bytes: Uint8Array): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

/** Part of a path that may come percent-encoded; what cannot be decoded is taken as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** In the order of bytes. All that is sorted is ASCII. */
export function inOrder(texts: Iterable<string>): readonly string[] {
  return [...texts].sort((a, b) => (a < b ? -1 : Number(a > b)))
}
