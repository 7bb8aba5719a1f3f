import { RegistryError } from '@registry/core'

const mostBytes = 4096

/**
 * The value of a `Warning` header that tells a text to whoever uses a client that shows it.
 *
 * @throws `CONFIG` where the text does not fit in a header
 * @see distribution-spec, "Warnings"
 */
export function warningHeader(text: string): string {
  const header = `299 - "${text.replace(/["\\]/g, '\\$&')}"`
  if (!/^[\x20-\x7e]+$/.test(header) || header.length > mostBytes) {
    throw new RegistryError('CONFIG', `a warning is a line of ASCII, ${mostBytes} bytes with its header`)
  }
  return header
}
