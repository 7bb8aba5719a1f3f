import { expect } from 'vitest'
import type { LoggedRequest } from '../../support/registry-process.js'
import { type Client, pushedImage } from './client.js'
import type { Image } from './image.js'
import { servedManifest, type ServedManifest, steps, takeRequests } from './registry.js'

/** What a push did of an image that the client had pushed to another repository before. */
export interface SecondPush {
  readonly requests: readonly LoggedRequest[]
  readonly image: Image
  readonly layers: ServedManifest['layers']
}

/** Pushes an image to two repositories, and expects the second to have its layers mounted, and all of it to be there. */
export async function secondPush(startClient: () => Promise<Client>): Promise<SecondPush> {
  const { registry, client, image, digest } = await pushedImage(startClient)
  const { layers } = await servedManifest(registry, 'team/image', 'v1')
  const second = `${registry.address}/other/image:v2`
  await client.tag(`${registry.address}/team/image:v1`, second)
  await takeRequests(registry)
  expect(await client.push(second)).toBe(digest)
  const requests = await takeRequests(registry)
  for (const layer of layers) {
    expect(steps(requests, '/other/image/blobs/uploads/?', `mount=${layer.digest}`, 'from=team/image')).toEqual(['POST 201'])
  }
  // Docker and podman never mount a configuration: it is the one body that was sent.
  expect(steps(requests, '/blobs/uploads/').filter((step) => step !== 'POST 201')).toEqual(['POST 202', 'PATCH 202', 'PUT 201'])
  const other = await startClient()
  expect(await other.pull(second)).toBe(digest)
  expect(await other.read(second)).toEqual(image)
  return { requests, image, layers }
}
