import { RegistryError } from '@registry/core'

/** @throws `CONFIG` where it is no URL of http or https */
export function urlOf(name: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && ['http:', 'https:'].includes(url.protocol)) return url
  throw configError(`${name}: expected a URL that begins with http:// or https://, got ${JSON.stringify(text)}`)
}

export function configError(message: string, cause?: unknown): RegistryError {
  return new RegistryError('CONFIG', message, { driver: 's3', ...(cause === undefined ? {} : { cause }) })
}
