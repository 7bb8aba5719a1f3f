import { type CallOptions, RegistryError } from '@registry/core'
import { readBody } from './body.js'
import type { Context } from './context.js'
import type { ManifestDocument } from './manifest-document.js'
import { readableBlob } from './readable-blob.js'
import { readStored } from './stored-body.js'

/** Configs of images have some kilobytes. Nobody reads a larger one into memory here. */
const mostBytes = 4 * 2 ** 20

/** Media types of the configs that hold an image's labels. */
const configTypes: ReadonlySet<string> = new Set(['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json'])

/** The config of an image, parsed; `undefined` where there is none that can be read: of another type, too large, no JSON object, or lost. */
export async function readImageConfig(
  context: Context,
  repository: string,
  { config }: Pick<ManifestDocument, 'config'>,
  options?: CallOptions,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (config === undefined || !configTypes.has(config.mediaType)) return undefined
  const found = await readableBlob(context, repository, config.digest, options)
  if (!found || found.blob.value.size > mostBytes) return undefined
  try {
    const value: unknown = JSON.parse((await readBody(readStored(context.driver, found.blob.value.objects, options))).toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || RegistryError.is(error, 'CORRUPT')) return undefined
    throw error
  }
}
