import { RegistryError } from './errors.js'

/** Hash algorithms of digests that are accepted, and how many hexadecimal digits each has. */
const hexDigits = { sha256: 64, sha512: 128 } as const

/** `sha256` or `sha512`. */
export type DigestAlgorithm = keyof typeof hexDigits

/** `<algorithm>:<lower-case hex>`, checked. */
export type Digest = `${DigestAlgorithm}:${string}`

/** Every algorithm that is accepted. */
export const digestAlgorithms: readonly DigestAlgorithm[] = ['sha256', 'sha512']

/** Whether `text` names an algorithm that is accepted. */
export function isDigestAlgorithm(text: string): text is DigestAlgorithm {
  return Object.hasOwn(hexDigits, text)
}

/**
 * A digest from text.
 *
 * @throws `DIGEST_INVALID` where it is malformed or of an algorithm that is not accepted
 * @see image-spec, descriptor.md, "Digests"
 */
export function parseDigest(text: string): Digest {
  const colon = text.indexOf(':')
  const algorithm = text.slice(0, Math.max(colon, 0))
  if (!isDigestAlgorithm(algorithm)) {
    throw new RegistryError('DIGEST_INVALID', `${show(text)} is no digest: it begins with ${digestAlgorithms.join(': or ')}:`)
  }
  const hex = text.slice(colon + 1)
  if (hex.length !== hexDigits[algorithm] || !/^[0-9a-f]+$/.test(hex)) {
    throw new RegistryError('DIGEST_INVALID', `${show(text)} is no digest: ${algorithm} has ${hexDigits[algorithm]} digits of 0-9a-f`)
  }
  return `${algorithm}:${hex}`
}

/** Whether `text` is a digest that {@link parseDigest} takes. */
export function isDigest(text: string): text is Digest {
  try {
    parseDigest(text)
    return true
  } catch {
    return false
  }
}

/** The parts of a digest. */
export function splitDigest(digest: Digest): {
  /** What stands before the colon. */
  readonly algorithm: DigestAlgorithm
  /** What stands behind the colon: lower case, 64 digits for `sha256`, 128 for `sha512`. */
  readonly hex: string
} {
  const colon = digest.indexOf(':')
  return { algorithm: digest.slice(0, colon) as DigestAlgorithm, hex: digest.slice(colon + 1) }
}

function show(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)
}
