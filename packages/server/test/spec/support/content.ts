import { createHash, randomBytes } from 'node:crypto'

/** The algorithms that the image specification registers. */
export const algorithms = ['sha256', 'sha512'] as const

export type Algorithm = (typeof algorithms)[number]

/** Bytes, and the digest under which they are pushed. */
export interface Content {
  readonly bytes: Buffer
  readonly digest: string
}

export function contentOf(bytes: Buffer | string, algorithm: Algorithm = 'sha256'): Content {
  const buffer = Buffer.from(bytes)
  return { bytes: buffer, digest: `${algorithm}:${createHash(algorithm).update(buffer).digest('hex')}` }
}

export function randomContent(algorithm: Algorithm = 'sha256', size = 1000): Content {
  return contentOf(randomBytes(size), algorithm)
}
