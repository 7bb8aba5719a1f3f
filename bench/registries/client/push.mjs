import { manifestType } from '../contents/image.mjs'

/** What clients do to push a blob that is not there. */
const blobPushes = {
  /** docker: the body of a PATCH in chunks, an empty PUT, and a look whether it is there. */
  async docker(connection, repository, blob) {
    const location = await startUpload(connection, repository)
    const patched = await connection.call('PATCH', location, { fields: ['transfer-encoding: chunked'], body: blob.chunks, status: [202, 204] })
    await connection.call('PUT', withDigest(pathOf(patched.field('location')), blob), { fields: ['content-length: 0'], status: 201 })
    await connection.call('HEAD', blobPath(repository, blob), { status: 200 })
  },

  /** containerd, oras: the whole body in the PUT. */
  async containerd(connection, repository, blob) {
    const location = await startUpload(connection, repository)
    const fields = [`content-length: ${blob.size}`, 'content-type: application/octet-stream']
    await connection.call('PUT', withDigest(location, blob), { fields, body: blob.parts, status: 201 })
  },
}

/** Pushes a blob of which the client does not know whether it is there, and it is not. */
export async function pushBlob(connection, { repository, blob, style }) {
  await connection.call('HEAD', blobPath(repository, blob), { status: 404 })
  await blobPushes[style](connection, repository, blob)
}

/** Pushes an image, each blob after the other. */
export async function pushImage(connection, { repository, tag, style, image }) {
  for (const blob of image.blobs) await pushBlob(connection, { repository, blob, style })
  await pushManifest(connection, { repository, reference: tag, bytes: image.manifest.bytes })
}

/** Pushes the bytes of a manifest under a tag or a digest. */
export async function pushManifest(connection, { repository, reference, bytes, mediaType = manifestType, query = '' }) {
  const fields = [`content-type: ${mediaType}`, `content-length: ${bytes.length}`]
  await connection.call('PUT', `/v2/${repository}/manifests/${reference}${query}`, { fields, body: [bytes], status: 201 })
}

/** What a request may name beside the digest. */
export const tagsAtOnce = 256

/**
 * Has tags lead to the manifest of an image whose blobs are there.
 *
 * @param kind - of the server: ours takes several tags in a request, others each in its own
 */
export async function pushTags(connection, { repository, manifest, tags, kind }) {
  const atOnce = kind === 'registry' ? tagsAtOnce : 1
  for (let at = 0; at < tags.length; at += atOnce) {
    const [reference, query] = atOnce === 1 ? [tags[at], ''] : [manifest.digest, `?${tags.slice(at, at + atOnce).map((tag) => `tag=${tag}`).join('&')}`]
    await pushManifest(connection, { repository, reference, bytes: manifest.bytes, query })
  }
}

async function startUpload(connection, repository) {
  const started = await connection.call('POST', `/v2/${repository}/blobs/uploads/`, { fields: ['content-length: 0'], status: 202 })
  return pathOf(started.field('location'))
}

function blobPath(repository, { digest }) {
  return `/v2/${repository}/blobs/${digest}`
}

function withDigest(location, { digest }) {
  return `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`
}

function pathOf(location) {
  return location.replace(/^https?:\/\/[^/]*/, '')
}
