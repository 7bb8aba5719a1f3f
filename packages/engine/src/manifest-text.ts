import { type CallOptions, type Digest, type Driver, RegistryError, splitDigest } from '@registry/core'
import type { LRUCache } from 'lru-cache'
import { readObject } from './body.js'
import type { Context } from './context.js'
import { digestOf } from './digester.js'
import type { Manifest } from './rows.js'

/** Texts of manifests that do not fit in an index row, by digest. A text never changes under its digest. */
export type ManifestTexts = LRUCache<Digest, string>

/** The exact text of a manifest: from its row, from memory, or from the object that holds it. */
export async function loadText({ driver, texts }: Pick<Context, 'driver' | 'texts'>, digest: Digest, { text, object }: Manifest): Promise<string> {
  if (text !== undefined) return text
  const cached = texts.get(digest)
  if (cached !== undefined) return cached
  if (object === undefined) throw new RegistryError('CORRUPT', `the row of manifest ${digest} has neither its text nor an object`)
  const loaded = await readText(driver, object, digest)
  texts.set(digest, loaded)
  return loaded
}

/**
 * The text that an object holds.
 *
 * @throws `CORRUPT` where it is missing, or does not have the digest
 */
export async function readText(driver: Driver, object: string, digest: Digest, options?: CallOptions): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await readObject(driver.open(object, options))
  } catch (error) {
    if (!RegistryError.is(error, 'NOT_FOUND')) throw error
    throw new RegistryError('CORRUPT', `storage lost the text of manifest ${digest}`, { key: object, cause: error })
  }
  if (digestOf(splitDigest(digest).algorithm, bytes) === digest) return bytes.toString()
  throw new RegistryError('CORRUPT', `storage has another text for manifest ${digest}`, { key: object })
}
