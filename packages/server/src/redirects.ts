import { RegistryError } from '@registry/core'

/** Redirects of blob reads to the storage. */
export interface RedirectOptions {
  /** Seconds that the URL of a redirect is good for, from 1 to 43,200. Default 1,200. */
  readonly seconds?: number
  /** Texts of which one is in the `User-Agent` of a client, in capitals or not, that gets its bytes from the registry. Default: none. */
  readonly except?: readonly string[]
}

/** How reads are redirected. */
export interface Redirects {
  /** Seconds that a URL is good for. */
  readonly seconds: number
  /** Whether a client gets its bytes from the registry all the same. */
  readonly isExcepted: (userAgent: string | undefined) => boolean
}

/** Half of the shortest lease that a blob may have, in seconds: so long at the least its bytes stay behind a read. */
const mostSeconds = 43_200

/** @throws `CONFIG` where the time is none, or a text is empty, which every client has */
export function redirectsOf({ seconds = 1200, except = [] }: RedirectOptions): Redirects {
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > mostSeconds) {
    throw new RegistryError('CONFIG', `the URL of a redirect is good for whole seconds from 1 to ${mostSeconds}, got ${seconds}`)
  }
  const texts = exceptions(except)
  return {
    seconds,
    isExcepted: (userAgent = '') => texts.some((text) => userAgent.toLowerCase().includes(text)),
  }
}

/** @throws `CONFIG` where a text is empty */
export function exceptions(texts: readonly string[]): readonly string[] {
  if (texts.includes('')) throw new RegistryError('CONFIG', 'a client is excepted by a part of its User-Agent, got an empty text, which all have')
  return texts.map((text) => text.toLowerCase())
}
