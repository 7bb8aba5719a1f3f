import { RegistryError } from '@registry/core'

/**
 * What stands before the keys of objects in `X-Accel-Redirect`: the prefix without the slash at its end, escaped as nginx reads it.
 *
 * @throws `CONFIG` where it is no path
 */
export function nginxPrefix(prefix: string): string {
  const [first, ...segments] = prefix.replace(/\/+$/, '').split('/')
  const isPath = prefix !== '' && first === '' && !segments.some((segment) => ['', '.', '..'].includes(segment)) && !/[\p{Cc}\p{Cs}]/u.test(prefix)
  if (!isPath) throw new RegistryError('CONFIG', `the prefix for nginx is the path of one of its locations, such as /layers, got ${JSON.stringify(prefix)}`)
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('')
}

/** Where nginx finds the object under a key, in a storage that keeps each at the path that its key is. Keys need no escaping. */
export function nginxPath(prefix: string, key: string): string {
  return `${prefix}/${key}`
}
