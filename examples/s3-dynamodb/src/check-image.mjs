import { createHash, randomBytes } from 'node:crypto'

const [repository, tag] = ['hello', 'v1']
const manifestType = 'application/vnd.oci.image.manifest.v1+json'

/** Pushes a small image through the front, pulls it from each replica, and says how it went. */
export async function checkImage(front, replicas) {
  const contents = ['{}', randomBytes(100_000)].map((content) => Buffer.from(content))
  const [config, layer] = await pushBlobs(front, contents)
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
  })
  await send(front, 'PUT', `manifests/${tag}`, 201, { headers: { 'content-type': manifestType }, body: manifest })
  for (const replica of replicas) {
    const pulled = await (await send(replica, 'GET', `manifests/${tag}`, 200)).text()
    if (pulled !== manifest) throw new Error(`${replica.address} has another manifest than was pushed`)
    for (const { digest } of [config, layer]) {
      const bytes = Buffer.from(await (await send(replica, 'GET', `blobs/${digest}`, 200)).arrayBuffer())
      if (digestOf(bytes) !== digest) throw new Error(`${replica.address} has other bytes than were pushed`)
    }
  }
  return `\nPushed ${repository}:${tag} to ${front.address}, and pulled it from each of the ${replicas.length} replicas`
}

/** Each in three requests, which three replicas get. */
async function pushBlobs(front, contents) {
  const descriptors = []
  for (const bytes of contents) {
    const started = await send(front, 'POST', 'blobs/uploads/', 202)
    const session = started.headers.get('location').split('/').at(-1)
    await send(front, 'PATCH', `blobs/uploads/${session}`, 202, { body: bytes })
    const descriptor = { digest: digestOf(bytes), size: bytes.length }
    await send(front, 'PUT', `blobs/uploads/${session}?digest=${descriptor.digest}`, 201)
    descriptors.push(descriptor)
  }
  return descriptors
}

async function send({ address }, method, path, status, options = {}) {
  const response = await fetch(`http://${address}/v2/${repository}/${path}`, { method, ...options })
  if (response.status === status) return response
  throw new Error(`${method} ${path} was answered ${response.status} by ${address}, expected ${status}: ${await response.text()}`)
}

function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
