import { RegistryError } from '@registry/core'
import { withoutUserinfo } from '@registry/core/config'

/**
 * A URL that paths are put behind: without the slash at its end.
 *
 * @param what - what messages call it
 * @throws `CONFIG`
 */
export function baseUrl(text: string, what: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || /[?#]/.test(url.href) || url.username !== '' || url.password !== '') {
    throw new RegistryError('CONFIG', `${what} is one of http or https without a query, such as https://registry.example.com, got ${JSON.stringify(withoutUserinfo(text))}`)
  }
  return url.href.replace(/\/+$/, '')
}
