import type { CallOptions } from '@registry/core'
import type { Context } from '../context.js'
import { readImageConfig } from '../image-config.js'
import type { IncomingManifest } from '../manifest-push.js'
import type { ManifestPush } from './pushes.js'

/**
 * Asks the checks whether a manifest may be pushed, and then for each of its tags. Nothing is stored of it yet.
 *
 * @throws `DENIED` where one refuses, `UNAVAILABLE` where one takes too long
 */
export async function checkPush(context: Context, incoming: IncomingManifest, options: CallOptions): Promise<void> {
  const { hooks } = context
  const { repository, digest, tags, text, document } = incoming
  const { mediaType } = document
  const size = Buffer.byteLength(text)
  if (hooks.isChecked('manifest.push')) await hooks.check('manifest.push', manifestPush(context, incoming, size, options), options)
  if (!hooks.isChecked('tag.push')) return
  for (const tag of tags) await hooks.check('tag.push', Object.freeze({ repository, tag, digest, mediaType, size }), options)
}

/** Nothing in it leads to what will be stored: a check may only look. */
function manifestPush(context: Context, { repository, digest, tags, text, document }: IncomingManifest, size: number, options: CallOptions): ManifestPush {
  return Object.freeze({
    repository,
    digest,
    mediaType: document.mediaType,
    size,
    tags: Object.freeze([...tags]),
    text,
    annotations: Object.freeze({ ...document.annotations }),
    subject: document.subject?.digest,
    configType: document.config?.mediaType,
    config: () => readImageConfig(context, repository, document, options),
  })
}
