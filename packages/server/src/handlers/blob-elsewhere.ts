import type { Digest } from '@registry/core'
import { mediaTypes } from '@registry/core'
import { type Exchange, headerOf } from '../exchange.js'
import { nginxPath } from '../nginx.js'

/** Where somebody else serves the bytes of a blob. */
export type Elsewhere = { readonly url: URL } | { readonly nginxPath: string }

/** Where the client, or nginx, gets the blob, if not here. */
export async function elsewhere(
  exchange: Exchange,
  { repository, digest }: { readonly repository: string; readonly digest: Digest },
): Promise<Elsewhere | undefined> {
  const { registry, settings: { redirects, nginxPrefix }, request } = exchange
  const presign = redirects?.isExcepted(headerOf(request, 'user-agent')) === false ? registry.blobs.presign : undefined
  if (presign === undefined && nginxPrefix === undefined) return undefined
  const { key } = await registry.blobs.locate(repository, digest)
  if (key === undefined) return undefined
  const url = presign && redirects && (await urlOf(exchange, () => presign(key, { expires: redirects.seconds, contentType: mediaTypes.octetStream })))
  if (url) return { url }
  return nginxPrefix === undefined ? undefined : { nginxPath: nginxPath(nginxPrefix, key) }
}

/** What the storage gives; without a URL the registry has the bytes all the same. */
async function urlOf({ log }: Exchange, presign: () => Promise<URL>): Promise<URL | undefined> {
  try {
    return await presign()
  } catch (error) {
    log.warn({ err: error }, 'the storage gave no URL for a blob: the registry sends it')
    return undefined
  }
}
