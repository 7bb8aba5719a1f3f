import { createHash, type Hash } from 'node:crypto'
import type { Body, Digest, DigestAlgorithm } from '@registry/core'

/** A digest in the making. It can be asked at any time, and copied to go on from the same bytes twice. */
export interface Digester {
  readonly algorithm: DigestAlgorithm
  update(chunk: Uint8Array): void
  digest(): Digest
  copy(): Digester
}

export function startDigest(algorithm: DigestAlgorithm): Digester {
  return digesterOf(algorithm, createHash(algorithm))
}

/** The digest of some bytes. */
export function digestOf(algorithm: DigestAlgorithm, bytes: Uint8Array): Digest {
  const digester = startDigest(algorithm)
  digester.update(bytes)
  return digester.digest()
}

/** The digest of a whole body. */
export async function digestBody(algorithm: DigestAlgorithm, body: Body): Promise<Digest> {
  const digester = startDigest(algorithm)
  for await (const chunk of body) digester.update(chunk)
  return digester.digest()
}

function digesterOf(algorithm: DigestAlgorithm, hash: Hash): Digester {
  return {
    algorithm,
    update: (chunk) => void hash.update(chunk),
    digest: () => `${algorithm}:${hash.copy().digest('hex')}`,
    copy: () => digesterOf(algorithm, hash.copy()),
  }
}
