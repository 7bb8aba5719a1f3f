/** @typedef {{ readonly os?: string, readonly config?: { readonly Labels?: Readonly<Record<string, string>> } }} ImageConfig */

/**
 * Media types of the configs of images.
 *
 * @type {ReadonlySet<string | undefined>}
 */
const imageConfigs = new Set(['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json'])

/**
 * Refuses images without a label.
 *
 * @type {import('@registry/engine').HooksModule<{ readonly label: string }>}
 */
export const hooks = {
  contract: 1,
  name: 'refuse_unlabelled',
  options: {
    label: { type: 'string', default: 'org.opencontainers.image.source', description: 'The label that every image needs.' },
  },
  register(hooks, { label }) {
    hooks.before('manifest.push', async (push) => {
      // Neither an artifact, nor an index, which names images that are pushed before it.
      if (!imageConfigs.has(push.configType)) return
      // A config that cannot be read has no labels either.
      const image = /** @type {ImageConfig} */ ((await push.config()) ?? {})
      if (runsNowhere(image) || image.config?.Labels?.[label]) return
      throw new Error(`${push.repository}: the image has no label ${label}; docker build --label ${label}=VALUE gives it one`)
    })
  },
}

/**
 * Attestations of BuildKit and signatures have the form of an image, for no system.
 *
 * @param {ImageConfig} image
 */
function runsNowhere({ os }) {
  return os === 'unknown' || os === ''
}
