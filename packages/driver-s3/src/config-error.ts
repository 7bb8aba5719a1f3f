import { RegistryError } from '@registry/core'

/** @throws `CONFIG` where it is no URL of http or https, or says more than where something is */
export function urlOf(name: string, text: string): URL {
  const url = urlWithUser(name, text)
  if (!url.username && !url.password && !url.search && !url.hash) return url
  throw configError(`${name}: expected a URL without a user, ? and #, got ${shown(text)}`)
}

/** @throws `CONFIG` where it is no URL of http or https */
export function urlWithUser(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && ['http:', 'https:'].includes(url.protocol)) return url
  throw configError(`${name}: expected a URL that begins with http:// or https://, got ${shown(text)}`)
}

/** The password of a URL is for nobody's eyes, and neither is what a query may hold. */
function shown(text: string): string {
  return JSON.stringify(text.replace(/^([a-z+.-]*:\/\/)?.*@/is, '$1********@').replace(/([?#]).*$/s, '$1********'))
}

export function configError(message: string, cause?: unknown): RegistryError {
  return new RegistryError('CONFIG', message, { driver: 's3', ...(cause === undefined ? {} : { cause }) })
}
