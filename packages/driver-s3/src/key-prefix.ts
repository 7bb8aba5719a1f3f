import { configError } from './config-error.js'

/** A name in S3 has at most 1,024 bytes, and a key of ours 900. */
const maxBytes = 1024 - 900

/** What stands in front of every key: nothing, or a text that ends in a slash. `/registry`, `/registry/` and `registry` are the same. */
export function keyPrefixOf(root: string): string {
  const path = root.replace(/^\/+/, '').replace(/\/+$/, '')
  if (path === '') return ''
  if (path.split('/').some((segment) => ['', '.', '..'].includes(segment)) || /\p{Cc}|\p{Cs}/u.test(path)) {
    throw configError(`root: expected segments joined by single slashes, none of them . or .., got ${JSON.stringify(root)}`)
  }
  const prefix = `${path}/`
  if (Buffer.byteLength(prefix) > maxBytes) throw configError(`root: expected at most ${maxBytes - 1} bytes, got ${Buffer.byteLength(path)}`)
  return prefix
}
