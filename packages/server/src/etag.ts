import type { Digest } from '@registry/core'

/** The entity tag of content: its digest, which never stands for other bytes. @see RFC 9110, section 8.8.3 */
export function etagOf(digest: Digest): string {
  return `"${digest}"`
}

/** Whether `If-None-Match` names the content. Some clients leave the quotes out. */
export function isMatch(noneMatch: string | undefined, digest: Digest): boolean {
  const tags = (noneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.some((tag) => tag === '*' || tag === etagOf(digest) || tag === digest)
}
