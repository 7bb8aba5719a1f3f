import { type Digest, parseDigest } from './digest.js'
import { RegistryError } from './errors.js'

const nameComponent = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const namePattern = new RegExp(`^${nameComponent}(?:/${nameComponent})*$`)
const maxNameLength = 255
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/

/** What a manifest is asked for by. */
export type Reference = {
  /** A name that may lead to another manifest later. */
  readonly kind: 'tag'
  /** As {@link parseTag} takes it. */
  readonly tag: string
} | {
  /** One manifest, for ever. */
  readonly kind: 'digest'
  /** Of the exact bytes of the manifest. */
  readonly digest: Digest
}

/**
 * A repository name, checked.
 *
 * @throws `NAME_INVALID`
 * @see distribution-spec, "Pulling manifests": `<name>`
 */
export function parseRepositoryName(text: string): string {
  // The length first: the pattern then has little to look at.
  if (text.length > maxNameLength || !namePattern.test(text)) {
    throw new RegistryError(
      'NAME_INVALID',
      `${show(text)} is no repository name: parts of a-z and 0-9, inside them single ".", "_", "__" or dashes, joined by "/", ${maxNameLength} characters in all`,
    )
  }
  return text
}

/**
 * A tag, checked.
 *
 * @throws `TAG_INVALID`
 * @see distribution-spec, "Pulling manifests": `<reference>` as a tag
 */
export function parseTag(text: string): string {
  if (!tagPattern.test(text)) {
    throw new RegistryError('TAG_INVALID', `${show(text)} is no tag: up to 128 of a-z A-Z 0-9 _ . -, the first one not "." or "-"`)
  }
  return text
}

/**
 * A tag or a digest: what holds a colon is a digest, never a tag.
 *
 * @throws `DIGEST_INVALID`, `TAG_INVALID`
 */
export function parseReference(text: string): Reference {
  return text.includes(':') ? { kind: 'digest', digest: parseDigest(text) } : { kind: 'tag', tag: parseTag(text) }
}

function show(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text)
}
